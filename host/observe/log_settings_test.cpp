#include "observe/log_settings.hpp"

#include <weir_catch.hpp>

namespace weir::observe {
namespace {

LogOptions parsed(std::string_view text) {
  auto options = parse_log_settings(text);
  REQUIRE(options);
  return *options;
}

TEST_CASE("levels of all, of a folder, of a plugin") {
  const LogOptions options = parsed("level=info,plugins.sqlite=debug,run=off");
  CHECK(options.level == Level::info);
  CHECK(options.levels == std::map<std::string, Level>{{"plugins.sqlite", Level::debug}, {"run", Level::off}});
  CHECK(parsed("").level == Level::warning);
}

TEST_CASE("where to and how") {
  const LogOptions file = parsed("to=a/b.log,size=1MiB,files=2,format=json");
  CHECK(file.file == "a/b.log");
  CHECK(file.file_bytes == 1U << 20U);
  CHECK(file.old_files == 2);
  CHECK(file.format == LogFormat::json);
  CHECK(parsed("to=journal").journal == Journal::kSocket);
  CHECK(parsed("to=journal:/x/y").journal == "/x/y");
  CHECK(parsed("to=a.log,to=stderr").file.empty());
}

TEST_CASE("later settings go before earlier ones") {
  LogOptions options;
  options.level = Level::error;
  options.levels["run"] = Level::error;
  const auto merged = parse_log_settings("run=info", options);
  REQUIRE(merged);
  CHECK(merged->level == Level::error);
  CHECK(merged->levels.at("run") == Level::info);
}

TEST_CASE("wrong settings are a mistake of the command line") {
  const auto options = parse_log_settings("run=loud");
  REQUIRE(!options);
  CHECK(base::exit_code(options.error()) == 2);
}

}  // namespace
}  // namespace weir::observe
