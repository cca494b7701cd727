#include "observe/log_settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/units.hpp"
#include "base/utf8.hpp"

namespace weir::observe {
namespace {

constexpr std::size_t kMostFiles = 1000;

base::Error wrong(std::string message, std::string hint) {
  return base::manifest_error("usage.log", "log settings: " + std::move(message)).with_hint(std::move(hint));
}

// The folders of the host, as cmake/WeirHost.cmake lists them.
std::vector<std::string> folders() {
  std::vector<std::string> names;
  for (std::string_view rest = WEIR_HOST_FOLDERS; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

base::Result<Level> level_of(const std::string& key, std::string_view value) {
  for (const Level level : {Level::debug, Level::info, Level::warning, Level::error, Level::off}) {
    if (value == level_name(level)) return level;
  }
  return base::unexpected(
      wrong(key + ": expected debug, info, warning, error or off, found '" + base::printable(value) + "'",
            "write " + key + "=info"));
}

base::Result<void> read_target(std::string_view value, LogOptions& options) {
  constexpr std::string_view kJournal = "journal";
  if (value.empty())
    return base::unexpected(wrong("to: expected stderr, journal or a file, found none", "write to=weir.log"));
  options.file.clear();
  options.journal.clear();
  if (value == "stderr") return {};
  if (value == kJournal) {
    options.journal = Journal::kSocket;
  } else if (value.starts_with("journal:")) {
    options.journal = value.substr(kJournal.size() + 1);
  } else {
    options.file = value;
  }
  return {};
}

base::Result<void> read_setting(const std::string& key, std::string_view value, LogOptions& options) {
  if (key == "to") return read_target(value, options);
  if (key == "format") {
    if (value != "text" && value != "json") {
      return base::unexpected(
          wrong("format: expected text or json, found '" + base::printable(value) + "'", "write format=json"));
    }
    options.format = value == "json" ? LogFormat::json : LogFormat::person;
    return {};
  }
  if (key == "size") {
    auto size = base::parse_size_bytes(value);
    if (!size || *size <= 0) {
      return base::unexpected(
          wrong("size: expected a size with its unit, found '" + base::printable(value) + "'", "write size=10MiB"));
    }
    options.file_bytes = static_cast<std::size_t>(*size);
    return {};
  }
  if (key == "files") {
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), options.old_files);
    if (problem == std::errc{} && end == value.data() + value.size() && options.old_files <= kMostFiles) return {};
    return base::unexpected(
        wrong("files: expected a number up to 1000, found '" + base::printable(value) + "'", "write files=5"));
  }
  WEIR_TRY_ASSIGN(const Level level, level_of(key, value));
  if (key == "level")
    options.level = level;
  else
    options.levels[key] = level;
  return {};
}

base::Result<void> check_key(const std::string& key) {
  constexpr std::string_view kPlugin = "plugins.";
  if (key.starts_with(kPlugin) && key.size() > kPlugin.size()) return {};
  std::vector<std::string> known = folders();
  known.insert(known.end(), {"level", "format", "to", "size", "files"});
  if (std::find(known.begin(), known.end(), key) != known.end()) return {};
  const std::string near = base::nearest(key, known);
  return base::unexpected(
      wrong("expected a setting, a folder of the host or plugins.NAME, found '" + base::printable(key) + "'",
            near.empty() ? "write level=info, run=debug or plugins.csv=debug" : "did you mean '" + near + "'?"));
}

}  // namespace

base::Result<LogOptions> parse_log_settings(std::string_view text, LogOptions options) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view setting = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return base::unexpected(wrong("expected KEY=VALUE, found '" + base::printable(setting) + "'",
                                    "write them so: level=info,plugins.sqlite=debug,format=json"));
    }
    const std::string key(setting.substr(0, equals));
    WEIR_TRY(check_key(key));
    WEIR_TRY(read_setting(key, setting.substr(equals + 1), options));
  }
  return options;
}

}  // namespace weir::observe
