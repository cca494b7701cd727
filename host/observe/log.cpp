// Log, over spdlog: it has the sinks, the rotation, the locks and the levels; what a line looks like is ours.
#include "observe/log.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <mutex>

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/utf8.hpp"
#include "observe/redact.hpp"
#include "observe/time_text.hpp"

namespace weir::observe {
namespace {

constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    default: return spdlog::level::err;
  }
}

// syslog's priorities.
const char* priority(Level level) {
  switch (level) {
    case Level::debug: return "7";
    case Level::info: return "6";
    case Level::warning: return "4";
    default: return "3";
  }
}

std::string now_text() { return time_text(now_ns(), true); }

std::string value_text(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, kReplace);
}

// `warning: csv: message (rows=3, file=a.csv)`
std::string person_line(const LogRecord& record) {
  std::string line = level_name(record.level);
  const std::string& subject = record.link.empty() ? record.plugin : record.link;
  if (!subject.empty()) line += ": " + subject;
  line += ": " + (record.message.empty() ? record.event : record.message);
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    line += i == 0 ? " (" : ", ";
    line += record.fields[i].name + "=" + value_text(record.fields[i].value);
  }
  if (!record.fields.empty()) line += ")";
  return base::printable(line);
}

std::string json_line(const LogRecord& record) {
  nlohmann::ordered_json line;
  line["time"] = now_text();
  line["level"] = level_name(record.level);
  line["event"] = record.event;
  if (!record.link.empty()) line["link"] = record.link;
  if (!record.plugin.empty()) line["plugin"] = record.plugin;
  if (!record.message.empty()) line["message"] = record.message;
  for (const LogField& field : record.fields) {
    // The host's own members keep their names.
    line[line.contains(field.name) ? "field." + field.name : field.name] = field.value;
  }
  return line.dump(-1, ' ', false, kReplace);
}

JournalFields journal_fields(const LogRecord& record) {
  JournalFields fields{{"MESSAGE", record.message.empty() ? record.event : record.message},
                       {"PRIORITY", priority(record.level)},
                       {"SYSLOG_IDENTIFIER", "weir"},
                       {"WEIR_EVENT", record.event}};
  if (!record.link.empty()) fields.emplace_back("WEIR_LINK", record.link);
  if (!record.plugin.empty()) fields.emplace_back("WEIR_PLUGIN", record.plugin);
  for (const LogField& field : record.fields) fields.emplace_back("WEIR_FIELD_" + field.name, value_text(field.value));
  return fields;
}

Level lowest_of(const LogOptions& options) {
  Level lowest = options.level;
  for (const auto& [name, level] : options.levels) lowest = std::min(lowest, level);
  return lowest;
}

base::Error unwritable(const std::string& where, const std::string& why) {
  return base::make_error(base::Status::failed_precondition, base::Fault::host, "log.unwritable",
                          "log: '" + where + "' can't be written: " + why)
      .with_hint("choose another place: --log to=FILE, or none: --log to=stderr");
}

}  // namespace

const char* level_name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
    default: return "off";
  }
}

struct Log::Output {
  explicit Output(spdlog::sink_ptr sink) : logger("weir", std::move(sink)) {
    logger.set_pattern("%v");
    logger.set_level(spdlog::level::debug);  // what is written was decided before
    logger.flush_on(spdlog::level::debug);
  }
  explicit Output(std::FILE* to)
      : Output(std::make_shared<spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>>(to)) {}

  spdlog::logger logger;
  std::unique_ptr<Journal> journal;  // null: the logger
};

Log::Log(const LogOptions& options) : Log(options, std::make_unique<Output>(options.to)) {}

Log::Log(LogOptions options, std::unique_ptr<Output> output)
    : options_(std::move(options)), lowest_(lowest_of(options_)), output_(std::move(output)) {
  // A full disk is no reason to stop.
  output_->logger.set_error_handler([this](const std::string&) { ++lost_; });
}

Log::~Log() = default;

base::Result<std::unique_ptr<Log>> Log::open(LogOptions options) {
  auto output = std::make_unique<Output>(options.to);
  if (!options.journal.empty()) {
    output->journal = std::make_unique<Journal>(options.journal);
    if (!output->journal->reachable())
      return base::unexpected(unwritable(options.journal, std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  } else if (!options.file.empty()) {
    try {
      output = std::make_unique<Output>(
          std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file, options.file_bytes, options.old_files));
    } catch (const spdlog::spdlog_ex& problem) {
      const std::string what = problem.what();
      return base::unexpected(
          unwritable(options.file, what.substr(what.rfind(": ") == std::string::npos ? 0 : what.rfind(": ") + 2)));
    }
  }
  return std::unique_ptr<Log>(new Log(std::move(options), std::move(output)));
}

// A plugin's own level, else its folder's, else that of all.
Level Log::threshold(const LogRecord& record) const {
  if (options_.levels.empty()) return options_.level;
  const auto told = [this](const std::string& name) {
    const auto found = options_.levels.find(name);
    return found == options_.levels.end() ? nullptr : &found->second;
  };
  if (const Level* level = record.plugin.empty() ? nullptr : told("plugins." + record.plugin)) return *level;
  const std::string folder = record.folder.empty() ? record.event.substr(0, record.event.find('.')) : record.folder;
  if (const Level* level = told(record.plugin.empty() ? folder : "plugins")) return *level;
  return options_.level;
}

// The one place where secrets are taken out. Each text by itself: what ends within a secret, because it was cut, is known by
// its end.
LogRecord Log::redacted(LogRecord record) const {
  if (!options_.redact) return record;
  for (std::string* text : {&record.event, &record.message, &record.link, &record.plugin})
    *text = options_.redact(std::move(*text));
  for (LogField& field : record.fields) {
    field.name = options_.redact(std::move(field.name));
    field.value = redacted_texts(std::move(field.value), options_.redact);
  }
  return record;
}

void Log::write_line(const LogRecord& record) {
  if (output_->journal != nullptr) {
    if (!output_->journal->send(journal_fields(record))) ++lost_;
    return;
  }
  std::string line = options_.format == LogFormat::json ? json_line(record) : person_line(record);
  if (options_.format == LogFormat::person && !options_.file.empty()) line.insert(0, now_text() + " ");
  output_->logger.log(spdlog_level(record.level), spdlog::string_view_t(line));
}

void Log::write(const LogRecord& record) noexcept {
  if (!enabled(record.level)) return;
  try {
    if (record.level >= threshold(record)) write_line(redacted(record));
  } catch (...) {
    ++lost_;  // a log never stops the work it tells of
  }
}

namespace {
LogRecord record_of(Level level, std::string event, std::string message, std::vector<LogField> fields) {
  return {level, std::move(event), std::move(message), {}, {}, std::move(fields), {}};
}
}  // namespace

void Log::debug(std::string event, std::string message, std::vector<LogField> fields) noexcept {
  write(record_of(Level::debug, std::move(event), std::move(message), std::move(fields)));
}
void Log::info(std::string event, std::string message, std::vector<LogField> fields) noexcept {
  write(record_of(Level::info, std::move(event), std::move(message), std::move(fields)));
}
void Log::warning(std::string event, std::string message, std::vector<LogField> fields) noexcept {
  write(record_of(Level::warning, std::move(event), std::move(message), std::move(fields)));
}
void Log::error(std::string event, std::string message, std::vector<LogField> fields) noexcept {
  write(record_of(Level::error, std::move(event), std::move(message), std::move(fields)));
}

}  // namespace weir::observe
