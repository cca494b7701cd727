#include "observe/log_settings.hpp"

#include <weir_catch.hpp>

namespace weir::observe {
namespace {

LogOptions parsed(std::string_view text) {
  auto options = parse_log_settings(text);
  REQUIRE(options);
  return *options;
}

std::string refused(std::string_view text) {
  const auto options = parse_log_settings(text);
  REQUIRE(!options);
  CHECK(options.error().code == "usage.log");
  CHECK(base::exit_code(options.error()) == 2);
  return options.error().message + " | " + options.error().hint;
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

TEST_CASE("what is wrong with settings, word for word") {
  CHECK(refused("debug") ==
        "log settings: expected KEY=VALUE, found 'debug' | write them so: "
        "level=info,plugins.sqlite=debug,format=json");
  CHECK(refused("levl=debug") ==
        "log settings: expected a setting, a folder of the host or plugins.NAME, found 'levl' | did you mean 'level'?");
  CHECK(refused("zzzzzzz=debug") ==
        "log settings: expected a setting, a folder of the host or plugins.NAME, found "
        "'zzzzzzz' | write level=info, run=debug or plugins.csv=debug");
  CHECK(refused("run=loud") ==
        "log settings: run: expected debug, info, warning, error or off, found 'loud' | write run=info");
  CHECK(refused("format=xml") == "log settings: format: expected text or json, found 'xml' | write format=json");
  CHECK(refused("size=10") == "log settings: size: expected a size with its unit, found '10' | write size=10MiB");
  CHECK(refused("files=many") == "log settings: files: expected a number up to 1000, found 'many' | write files=5");
  CHECK(refused("files=1001") == "log settings: files: expected a number up to 1000, found '1001' | write files=5");
  CHECK(refused("to=") == "log settings: to: expected stderr, journal or a file, found none | write to=weir.log");
}

}  // namespace
}  // namespace weir::observe
