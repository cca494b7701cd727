// Output: how commands answer. Text for a person, or one JSON document on stdout; secrets redacted in both.
#pragma once

#include <cstdio>

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
#include "observe/log.hpp"
#include "observe/redact.hpp"

namespace weir::cli {

// What every command has: where its answer goes and what must not be in it. Threads: [main].
class Output {
 public:
  // `json`: --output json.
  explicit Output(bool json);

  bool json() const { return json_; }
  bool terminal() const { return terminal_; }  // stderr is one, and NO_COLOR or not, progress may move there
  observe::Redactor& redactor() { return redactor_; }
  observe::Log& log() { return *log_; }

  // Sends the log where $WEIR_LOG and, before it, `settings` (--log) say. Errors: as parse_log_settings(), Log::open().
  base::Result<void> open_log(const std::string& settings);

  // Leaves stdout to the data: what follows is told on stderr.
  void leave_stdout() { answers_ = stderr; }

  // Tells a part of the answer while the rest is not there yet; nothing on JSON.
  void tell(const std::string& text);
  // Tells on stderr what is no part of the answer; nothing on JSON.
  void tell_aside(const std::string& text);
  // Tells an error; gives the exit code. On JSON one document on stdout: {"ok": false, "error": …}, and what `done` has.
  int fail(const base::Error& error, const nlohmann::ordered_json& done = nlohmann::ordered_json::object());
  // Tells a result: the text on stdout, or the document.
  int succeed(const std::string& text, const nlohmann::ordered_json& document);
  // The same, of something that may have found fault: {"ok": false, …} and exit code 1 then.
  int answer(bool good, const std::string& text, const nlohmann::ordered_json& document);

 private:
  void print(nlohmann::ordered_json document);

  std::FILE* answers_ = stdout;
  bool json_;
  bool terminal_;
  bool colour_;
  observe::Redactor redactor_;
  std::unique_ptr<observe::Log> log_;
};

}  // namespace weir::cli
