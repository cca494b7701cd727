#include "cli/output.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "manifest/diagnostics.hpp"

namespace weir::cli {

Output::Output(bool json)
    : json_(json),
      terminal_(::isatty(STDERR_FILENO) == 1),
      colour_(terminal_ && std::getenv("NO_COLOR") == nullptr) {  // NOLINT(concurrency-mt-unsafe): nobody sets it
  observe::LogOptions options;
  options.redact = [this](std::string text) { return redactor_.redact(std::move(text)); };
  log_ = std::make_unique<observe::Log>(std::move(options));
}

void Output::print(nlohmann::ordered_json document) {
  document = observe::redacted_texts(std::move(document),
                                     [this](std::string text) { return redactor_.redact(std::move(text)); });
  std::fprintf(answers_, "%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void Output::tell(const std::string& text) {
  if (json_) return;
  std::fputs(redactor_.redact(text).c_str(), answers_);
  std::fflush(answers_);
}

int Output::fail(const base::Error& error, const nlohmann::ordered_json& done) {
  if (json_) {
    nlohmann::ordered_json document{{"ok", false}, {"error", manifest::to_json(redactor_.redact(error))}};
    document.update(done);
    print(std::move(document));
  } else {
    manifest::RenderOptions options;
    options.colour = colour_;
    std::fputs(redactor_.redact(manifest::render(redactor_.redact(error), options)).c_str(), stderr);
  }
  std::fflush(answers_);
  return base::exit_code(error);
}

int Output::succeed(const std::string& text, const nlohmann::ordered_json& document) {
  if (json_) {
    nlohmann::ordered_json whole{{"ok", true}};
    whole.update(document);
    print(std::move(whole));
  } else {
    std::fputs(redactor_.redact(text).c_str(), answers_);
  }
  return std::fflush(answers_) == 0 ? 0 : 1;
}

}  // namespace weir::cli
