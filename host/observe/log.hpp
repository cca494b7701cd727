// Log: what the host and its plugins tell while they work, a line an event, to stderr.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace weir::observe {

// The numbers of the ABI's WEIR_LOG_....
enum class Level : std::int32_t { debug = 0, info = 1, warning = 2, error = 3 };

// person: `warning: csv: message (rows=3)`; json: one object a line with time, level, event, link, plugin, message,
// fields.
enum class LogFormat { person, json };

struct LogField {
  std::string name;
  nlohmann::ordered_json value;
};

struct LogRecord {
  Level level = Level::info;
  std::string event;    // a constant dotted name, "split.retry"
  std::string message;  // for a person; empty: the event's name is shown
  std::string link;     // whose work it is about; empty: none
  std::string plugin;   // who said it; empty: the host
  std::vector<LogField> fields;
};

struct LogOptions {
  Level level = Level::warning;  // what is below is not written
  LogFormat format = LogFormat::person;
  std::function<std::string(std::string)> redact;  // takes secrets out of a finished text; empty: none. [any]
  std::FILE* to = stderr;                          // outlives the log
};

// Writes records as lines. Control characters of what is told are escaped, so that nothing can play with a terminal;
// invalid UTF-8 becomes U+FFFD. Threads: [any]. Never throws: what can't be written is lost.
class Log {
 public:
  explicit Log(LogOptions options = {});
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(Level level) const noexcept;
  void write(const LogRecord& record) noexcept;

  // Short ways to write the host's own.
  void debug(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;
  void info(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;
  void warning(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;
  void error(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;

 private:
  struct Output;
  LogOptions options_;
  std::unique_ptr<Output> output_;
};

}  // namespace weir::observe
