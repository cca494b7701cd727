// Log, over spdlog: it has the sinks, the locks and the levels; what a line looks like is ours.
#include "observe/log.hpp"

#include <chrono>
#include <ctime>
#include <mutex>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/utf8.hpp"
#include "observe/redact.hpp"

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

const char* level_name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    default: return "error";
  }
}

std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(text, length) + "." + std::to_string(ms % 1000 + 1000).substr(1) + "Z";
}

std::string field_text(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, kReplace);
}

// Each text by itself: what ends within a secret, because it was cut, is known by its end.
LogRecord redacted(const std::function<std::string(std::string)>& redact, LogRecord record) {
  if (!redact) return record;
  for (std::string* const text : {&record.event, &record.message, &record.link, &record.plugin})
    *text = redact(std::move(*text));
  for (LogField& field : record.fields) {
    field.name = redact(std::move(field.name));
    field.value = redacted_texts(std::move(field.value), redact);
  }
  return record;
}

// `warning: csv: message (rows=3, file=a.csv)`
std::string person_line(const LogRecord& record) {
  std::string line = level_name(record.level);
  const std::string& subject = record.link.empty() ? record.plugin : record.link;
  if (!subject.empty()) line += ": " + subject;
  line += ": " + (record.message.empty() ? record.event : record.message);
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    line += i == 0 ? " (" : ", ";
    line += record.fields[i].name + "=" + field_text(record.fields[i].value);
  }
  if (!record.fields.empty()) line += ")";
  return line;
}

nlohmann::ordered_json json_line(const LogRecord& record) {
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
  return line;
}

}  // namespace

struct Log::Output {
  explicit Output(std::FILE* to)
      : logger("weir", std::make_shared<spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>>(to)) {}
  spdlog::logger logger;
};

Log::Log(LogOptions options) : options_(std::move(options)), output_(std::make_unique<Output>(options_.to)) {
  spdlog::logger& logger = output_->logger;
  logger.set_pattern("%v");
  logger.set_level(spdlog_level(options_.level));
  logger.flush_on(spdlog::level::debug);
  logger.set_error_handler([](const std::string&) {});  // a full disk behind stderr is no reason to stop
}

Log::~Log() = default;

bool Log::enabled(Level level) const noexcept { return level >= options_.level; }

void Log::write(const LogRecord& record) noexcept {
  if (!enabled(record.level)) return;
  try {
    const LogRecord told = redacted(options_.redact, record);
    const bool json = options_.format == LogFormat::json;
    const std::string line = json ? json_line(told).dump(-1, ' ', false, kReplace) : base::printable(person_line(told));
    output_->logger.log(spdlog_level(record.level), spdlog::string_view_t(line));
  } catch (...) {
    // What can't be written is lost: a log never stops the work it tells of.
  }
}

namespace {
LogRecord record_of(Level level, std::string event, std::string message, std::vector<LogField> fields) {
  return {level, std::move(event), std::move(message), {}, {}, std::move(fields)};
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
