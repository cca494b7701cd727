// What is logged of each event, in golden/log.txt, and at which level.
#include "events/event_log.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>

#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

namespace weir::events {
namespace {

// One of each kind.
const std::vector<EventDetail> kAll{
    RunPlanned{{"extract", "filter", "load"}, 2, 120, "exactly once"},
    RunRecovered{true},
    RunRecovered{false},
    RunStarted{3},
    RowsMoved{10, 5, 120},
    SplitStarted{"a.csv"},
    SplitRead{"a.csv"},
    RowRejected{"validate", "id out of range", "a.csv", 7},
    RowRejected{"validate", "id out of range", "", 0},
    EpochPrepared{1, 8},
    EpochCommitted{1},
    EpochAborted{1, "the disk is full"},
    RunTimed{{{"extract", 7}, {"load", 2}}, 2, 3, 5, 9},
    RunCompleted{false, 12'000'000, 10, 8, 1, 1},
    RunCompleted{true, 1'000, 0, 0, 0, 0},
    RunFailed{"data.rejected", "a.csv:7:2: error: odd\n", 1, "odd", "validate", "a.csv", 7, 2},
    RunFailed{"run.locked", "error: it runs\n", 1, "it runs", "", "", 0, 0},
    RunStalled{60'000'000'000, {"read() of plugin 'csv' in 'orders', for 1 m"}},
    RunMovesOn{61'000'000'000},
    ConnectionPaused{"shop", 10, 30'000'000'000, "no answer"},
    ConnectionResumed{"shop"}};

// What a log of these settings has after some events.
std::string logged(observe::LogOptions options, const std::vector<EventDetail>& details) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* const stream = ::open_memstream(&text, &size);
  options.to = stream;
  {
    observe::Log log(options);
    EventLog handler(log);
    EventBus bus;
    const auto subscription = bus.subscribe(handler);
    for (const auto& detail : details) bus.publish({"orders", "01JD8", 1, detail});
  }
  std::fclose(stream);
  std::string told(text, size);
  std::free(text);  // NOLINT: of open_memstream
  return told;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

observe::LogOptions at(observe::Level level) {
  observe::LogOptions options;
  options.level = level;
  return options;
}

}  // namespace

TEST_CASE("every event is logged under its name with its values as keys") {
  std::set<std::size_t> kinds;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "log.txt");
  observe::LogOptions options = at(observe::Level::debug);
  std::size_t number = 0;
  for (const auto& detail : kAll) {
    kinds.insert(detail.index());
    options.format = observe::LogFormat::json;
    auto line = nlohmann::ordered_json::parse(logged(options, {detail}));
    line.erase("time");
    options.format = observe::LogFormat::person;
    told.tell(std::to_string(++number) + " " + event_name(detail), logged(options, {detail}) + line.dump());
  }
  told.end();
  CHECK(kinds.size() == std::variant_size_v<EventDetail>);
}

TEST_CASE("nothing that is told again and again is logged at info") {
  std::vector<EventDetail> often;
  for (int i = 0; i < 100; ++i) {
    for (const EventDetail& detail : {EventDetail(RowsMoved{}), EventDetail(SplitStarted{}), EventDetail(SplitRead{})})
      often.push_back(detail);
  }
  CHECK(lines(logged(at(observe::Level::info), often)) == 0);
  CHECK(lines(logged(at(observe::Level::debug), often)) == 300);
}

TEST_CASE("the folder run decides which events are logged") {
  observe::LogOptions options = at(observe::Level::off);
  options.levels["run"] = observe::Level::debug;
  CHECK(lines(logged(options, kAll)) == kAll.size());
  options = at(observe::Level::debug);
  options.levels["run"] = observe::Level::off;
  CHECK(logged(options, kAll).empty());
}

TEST_CASE("a failure is an error where nobody else tells it; stderr has only what nobody else tells there") {
  const std::string shown = logged(at(observe::Level::warning), kAll);
  CHECK(lines(shown) == 2);
  CHECK(shown.find("nothing has moved for 1 m: it waits for read() of plugin 'csv'") != std::string::npos);
  CHECK(shown.find("connection 'shop' gave no answer to 10 calls in a row") != std::string::npos);
  const test::Folder folder;
  observe::LogOptions options = at(observe::Level::warning);
  options.file = (folder.path() / "weir.log").string();
  {
    auto log = observe::Log::open(options);
    REQUIRE(log);
    EventLog handler(**log);
    for (const auto& detail : kAll) handler.handle({"orders", "01JD8", 1, detail});
  }
  std::ifstream file(options.file);
  std::vector<std::string> found;
  for (std::string line; std::getline(file, line);) found.push_back(line.substr(line.find("Z ") + 2));
  REQUIRE(found.size() == 5);
  CHECK(found[0].starts_with("warning: the epoch is withdrawn"));
  CHECK(found[1].starts_with("error: validate: odd"));
  CHECK(found[2].starts_with("error: it runs"));
  CHECK(found[3].starts_with("warning: nothing has moved"));
  CHECK(found[4].starts_with("warning: connection 'shop'"));
}

}  // namespace weir::events
