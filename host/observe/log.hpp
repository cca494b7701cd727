// Log: what the host and its plugins tell while they work: a line an event, to stderr or a file, or an entry of the journal.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "observe/journal.hpp"

namespace weir::observe {

// The numbers of the ABI's WEIR_LOG_...., and off: nothing is written.
enum class Level : std::int32_t { debug = 0, info = 1, warning = 2, error = 3, off = 4 };

const char* level_name(Level level);

// person: `warning: csv: message (rows=3)`, in a file with the time before; json: one object a line with time, level,
// event, link, plugin, message, fields.
enum class LogFormat { person, json };

struct LogField {
  std::string name;
  nlohmann::ordered_json value;
};

struct LogRecord {
  Level level = Level::info;
  std::string event;  // a constant dotted name that begins with its folder, "run.abort"; a plugin's begins as it likes
  std::string message;  // for a person; empty: the event's name is shown
  std::string link;     // whose work it is about; empty: none
  std::string plugin;   // who said it; empty: the host
  std::vector<LogField> fields;
  std::string folder;  // whose level holds; empty: that which the event's name begins with
};

struct LogOptions {
  Level level = Level::warning;         // what is below is not written
  std::map<std::string, Level> levels;  // of a folder, "run", or a plugin, "plugins.csv": before `level`
  LogFormat format = LogFormat::person;
  std::function<std::string(std::string)> redact;  // takes secrets out of a text; empty: none. [any]
  std::FILE* to = stderr;                          // where there is no file and no journal; outlives the log
  std::string file;                                // a file to append to
  std::size_t file_bytes = 10U << 20U;             // at this size it is begun anew
  std::size_t old_files = 5;                       // and so many old ones are kept, as weir.1.log, weir.2.log, …
  std::string journal;                             // the socket of a journal
};

// Writes records. Control characters of what is told are escaped, so that nothing can play with a terminal; invalid UTF-8
// becomes U+FFFD. Secrets are taken out of the record, once, before it takes any form. Threads: [any]. Never throws: what
// can't be written is lost, and counted.
class Log {
 public:
  // Writes to `options.to`.
  explicit Log(const LogOptions& options = {});
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Writes to wherever the options say. Errors: log.unwritable (fault host): the file or the journal can't be opened.
  static base::Result<std::unique_ptr<Log>> open(LogOptions options);

  // Whether a record of that level may be written, whoever it is of.
  bool enabled(Level level) const noexcept { return level >= lowest_; }
  void write(const LogRecord& record) noexcept;
  // Whether it goes where errors are told too.
  bool on_stderr() const noexcept { return options_.file.empty() && options_.journal.empty(); }
  // Records that could not be written.
  std::uint64_t lost() const noexcept { return lost_; }

  // Short ways to write the host's own.
  void debug(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;
  void info(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;
  void warning(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;
  void error(std::string event, std::string message, std::vector<LogField> fields = {}) noexcept;

 private:
  struct Output;
  Log(LogOptions options, std::unique_ptr<Output> output);
  Level threshold(const LogRecord& record) const;
  LogRecord redacted(LogRecord record) const;
  void write_line(const LogRecord& record);

  LogOptions options_;
  Level lowest_;
  std::unique_ptr<Output> output_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace weir::observe
