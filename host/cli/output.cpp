#include "cli/output.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "manifest/diagnostics.hpp"
#include "observe/log_settings.hpp"

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

void Output::tell_aside(const std::string& text) {
  if (!json_) std::fputs(redactor_.redact(text).c_str(), stderr);
}

base::Result<void> Output::open_log(const std::string& settings) {
  observe::LogOptions options;
  options.redact = [this](std::string text) { return redactor_.redact(std::move(text)); };
  const char* const variable = std::getenv("WEIR_LOG");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (variable != nullptr) {
    auto told = observe::parse_log_settings(variable, std::move(options));
    if (!told) {
      base::Error error = std::move(told).error();
      error.message = "WEIR_LOG: " + error.message;
      return base::unexpected(std::move(error));
    }
    options = std::move(*told);
  }
  WEIR_TRY_ASSIGN(options, observe::parse_log_settings(settings, std::move(options)));
  WEIR_TRY_ASSIGN(log_, observe::Log::open(std::move(options)));
  return {};
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
  return answer(true, text, document);
}

int Output::answer(bool good, const std::string& text, const nlohmann::ordered_json& document) {
  if (json_) {
    nlohmann::ordered_json whole{{"ok", good}};
    whole.update(document);
    print(std::move(whole));
  } else {
    std::fputs(redactor_.redact(text).c_str(), answers_);
  }
  return std::fflush(answers_) == 0 && good ? 0 : 1;
}

}  // namespace weir::cli
