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

void Output::tell(const std::string& text) {
  if (json_) return;
  std::fputs(redactor_.redact(text).c_str(), answers_);
  std::fflush(answers_);
}

int Output::fail(const base::Error& error, const nlohmann::ordered_json& done) {
  if (json_) {
    nlohmann::ordered_json document{{"ok", false}, {"error", manifest::to_json(error)}};
    document.update(done);
    const std::string text = redactor_.redact(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fprintf(answers_, "%s\n", text.c_str());
  } else {
    manifest::RenderOptions options;
    options.colour = colour_;
    std::fputs(redactor_.redact(manifest::render(error, options)).c_str(), stderr);
  }
  std::fflush(answers_);
  return base::exit_code(error);
}

int Output::succeed(const std::string& text, const nlohmann::ordered_json& document) {
  if (json_) {
    nlohmann::ordered_json whole{{"ok", true}};
    whole.update(document);
    std::fprintf(answers_, "%s\n",
                 redactor_.redact(whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)).c_str());
  } else {
    std::fputs(redactor_.redact(text).c_str(), answers_);
  }
  return std::fflush(answers_) == 0 ? 0 : 1;
}

}  // namespace weir::cli
