#include "observe/log.hpp"

#include <memory>
#include <thread>

#include <weir_catch.hpp>

namespace weir::observe {
namespace {

using test::Contains;

// A file that lives in memory.
class Capture {
 public:
  Capture() : file_(open_memstream(&data_, &size_)) {}
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() {
    std::fclose(file_);
    std::free(data_);
  }
  std::FILE* file() { return file_; }
  std::string text() {
    std::fflush(file_);
    return std::string(data_, size_);
  }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

std::string logged(LogOptions options, const LogRecord& record) {
  Capture capture;
  options.to = capture.file();
  Log(std::move(options)).write(record);
  return capture.text();
}

LogRecord record(Level level, std::string message, std::vector<LogField> fields = {}) {
  return {level, "csv.sniffed", std::move(message), "orders", "csv", std::move(fields), {}};
}

TEST_CASE("a person reads level, link, message and fields") {
  CHECK(logged({}, record(Level::warning, "a header is missing", {{"rows", 3}, {"file", "a b.csv"}})) ==
        "warning: orders: a header is missing (rows=3, file=a b.csv)\n");
  CHECK(logged({}, record(Level::error, "")) == "error: orders: csv.sniffed\n");
}

TEST_CASE("what is below the level is not written") {
  CHECK(logged({}, record(Level::info, "x")).empty());
  LogOptions all;
  all.level = Level::debug;
  CHECK(logged(all, record(Level::debug, "x")) == "debug: orders: x\n");
}

TEST_CASE("a folder and a plugin have levels of their own") {
  Capture capture;
  LogOptions options;
  options.to = capture.file();
  options.levels = {
      {"run", Level::debug}, {"plugins", Level::error}, {"plugins.csv", Level::info}, {"state", Level::off}};
  {
    Log log(options);
    CHECK(log.enabled(Level::debug));
    log.debug("run.a", "");
    log.debug("pipeline.b", "");
    log.warning("pipeline.c", "");
    log.error("state.d", "");
    log.write({Level::info, "e", "", "", "csv", {}});
    log.write({Level::debug, "f", "", "", "csv", {}});
    log.write({Level::warning, "g", "", "", "json", {}});
    log.write({Level::error, "run.h", "", "", "json", {}});
  }
  CHECK(capture.text() == "debug: run.a\nwarning: pipeline.c\ninfo: csv: e\nerror: json: run.h\n");
}

TEST_CASE("a program reads one JSON object a line") {
  LogOptions options;
  options.format = LogFormat::json;
  const std::string line = logged(options, record(Level::warning, "two\nlines", {{"rows", 3}, {"level", "mine"}}));
  CHECK(line.find('\n') == line.size() - 1);
  const auto parsed = nlohmann::json::parse(line);
  CHECK(parsed["level"] == "warning");
  CHECK(parsed["event"] == "csv.sniffed");
  CHECK(parsed["link"] == "orders");
  CHECK(parsed["plugin"] == "csv");
  CHECK(parsed["message"] == "two\nlines");
  CHECK(parsed["rows"] == 3);
  CHECK(parsed["field.level"] == "mine");
  CHECK(parsed["time"].get<std::string>().size() == std::string("2026-01-01T00:00:00.000Z").size());
}

TEST_CASE("control characters and bytes that are no text can't reach the terminal") {
  CHECK(logged({}, record(Level::error, "\x1b[2J\nfake: \xFF")) == "error: orders: \\x1b[2J\\nfake: \xEF\xBF\xBD\n");
}

TEST_CASE("secrets are taken out, of fields too") {
  LogOptions options;
  options.redact = [](std::string text) {
    for (std::size_t at = text.find("hunter2"); at != std::string::npos; at = text.find("hunter2"))
      text.replace(at, 7, "***");
    return text;
  };
  const LogRecord told = record(Level::error, "password hunter2", {{"url", "u:hunter2@h"}});
  CHECK_THAT(logged(options, told), !Contains("hunter2") && Contains("u:***@h"));
  options.format = LogFormat::json;
  CHECK_THAT(logged(options, told), !Contains("hunter2") && Contains("u:***@h"));
}

TEST_CASE("lines of several threads don't mix, and a failing redaction loses the line only") {
  Capture capture;
  LogOptions options;
  options.to = capture.file();
  options.redact = [](std::string text) {
    if (text.find("bad") != std::string::npos) throw std::runtime_error("no");
    return text;
  };
  {
    Log log(options);
    log.warning("x", "bad");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&log] {
        for (int k = 0; k < 100; ++k) log.warning("x", std::string(200, 'y'));
      });
    }
    for (auto& thread : threads) thread.join();
  }
  const std::string text = capture.text();
  const std::string line = "warning: " + std::string(200, 'y') + "\n";
  REQUIRE(text.size() == 400 * line.size());
  for (std::size_t i = 0; i < 400; ++i) REQUIRE(text.compare(i * line.size(), line.size(), line) == 0);
}

}  // namespace
}  // namespace weir::observe
