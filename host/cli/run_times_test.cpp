// Times of runs: days of 23 and 25 hours, against clocks that are looked at minute by minute; what was missed; every error in
// golden/schedule.txt.
#include "cli/run_times.hpp"

#include <optional>
#include <random>
#include <string>
#include <vector>

#include <cctz/civil_time.h>

#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "cli/scheduled_runs.hpp"

namespace weir::cli {
namespace {

using cctz::civil_minute;
using cctz::civil_second;

constexpr Instant kMinute = 60 * kSecond, kHour = 60 * kMinute;

cctz::time_zone zone(const std::string& name) {
  auto found = zone_named(name);
  REQUIRE(found);
  return *found;
}
Instant instant(const cctz::time_zone& zone, civil_second shown) {
  return zone.lookup(shown).pre.time_since_epoch().count() * kSecond;
}
civil_second shown(const cctz::time_zone& zone, Instant at) {
  return cctz::convert(cctz::time_point<cctz::seconds>(cctz::seconds(at / kSecond)), zone);
}
RunTimes at(const std::string& cron, const std::string& name) {
  auto read = CronExpression::parse(cron);
  REQUIRE(read);
  return RunTimes::at(*read, zone(name));
}
std::vector<std::string> from(const RunTimes& times, Instant begin, std::size_t count) {
  std::vector<std::string> found;
  for (Instant now = begin; found.size() < count; found.push_back(times.text(now))) now = times.after(now);
  return found;
}
using Texts = std::vector<std::string>;

// The times by looking at a clock each minute. Of an expression of the day: when the clock shows for the first time what was named, or
// more; of any other: whenever it shows it.
std::vector<Instant> looked_for(const CronExpression& cron, const cctz::time_zone& zone, Instant begin, Instant end) {
  std::vector<Instant> found;
  civil_minute highest(shown(zone, begin));
  for (Instant now = begin + kMinute; now <= end; now += kMinute) {
    const civil_second clock = shown(zone, now);
    const civil_minute minute(clock);
    bool named = clock.second() == 0 && cron.names(minute);
    if (cron.of_the_day()) {
      named = false;
      for (civil_minute one = highest + 1; one <= minute; ++one) named = named || cron.names(one);
      highest = std::max(highest, minute);
    }
    if (named) found.push_back(now);
  }
  return found;
}

double none() { return 0; }

}  // namespace

TEST_CASE("a time that a day does not have is the first instant after, one that it has twice comes once") {
  const auto night = at("30 2 * * *", "Europe/Rome");
  CHECK(from(night, instant(zone("Europe/Rome"), civil_second(2026, 3, 28)), 3) ==
        Texts{"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"});
  CHECK(from(night, instant(zone("Europe/Rome"), civil_second(2026, 10, 24)), 3) ==
        Texts{"2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"});
}

TEST_CASE("what goes by each hour or minute goes by what clocks show") {
  CHECK(from(at("0 * * * *", "Europe/Rome"), instant(zone("Europe/Rome"), civil_second(2026, 3, 29, 0, 30)), 3) ==
        Texts{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"});
  CHECK(from(at("*/30 2 * * *", "Europe/Rome"), instant(zone("Europe/Rome"), civil_second(2026, 10, 25)), 5) ==
        Texts{"2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00",
              "2026-10-25T02:30:00+01:00", "2026-10-26T02:00:00+01:00"});
}

TEST_CASE("400 nights are 400 runs, whatever becomes of the clocks") {
  for (const char* const name : {"Europe/Rome", "America/New_York", "Australia/Lord_Howe", "UTC"}) {
    for (const char* const cron : {"0 3 * * *", "30 2 * * *", "15 0 * * *", "0 2 * * *"}) {
      INFO(name << " " << cron);
      const auto times = at(cron, name);
      const Instant begin = instant(zone(name), civil_second(2026, 1, 1)) - kSecond;
      CHECK(times.between(begin, instant(zone(name), civil_second(2026, 1, 1) + 400 * 86'400) - kSecond) == 400);
    }
  }
}

TEST_CASE("times are those that are found by looking at clocks each minute") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random); };
  const std::vector<std::string> minutes{"0", "30", "*/20", "*", "5,55"}, hours{"0", "1-3", "2", "*", "*/2", "23"};
  struct Place {
    const char* zone;
    civil_second around;
  };
  const std::vector<Place> places{
      {"Europe/Rome", civil_second(2026, 3, 29)},        {"Europe/Rome", civil_second(2026, 10, 25)},
      {"America/New_York", civil_second(2026, 3, 8)},    {"America/New_York", civil_second(2026, 11, 1)},
      {"Australia/Lord_Howe", civil_second(2026, 4, 5)}, {"Australia/Lord_Howe", civil_second(2026, 10, 4)},
      {"America/Havana", civil_second(2026, 3, 8)},   // at midnight
      {"Pacific/Apia", civil_second(2011, 12, 30)}};  // a day that was left out
  for (int i = 0; i < 200; ++i) {
    const Place& place = places[static_cast<std::size_t>(below(static_cast<int>(places.size())))];
    const std::string text = minutes[static_cast<std::size_t>(below(5))] + " " +
                             hours[static_cast<std::size_t>(below(6))] + (below(3) == 0 ? " * * 0,6" : " * * *");
    INFO(text << " in " << place.zone << " around " << place.around);
    const auto cron = CronExpression::parse(text);
    REQUIRE(cron);
    const cctz::time_zone there = zone(place.zone);
    const auto times = RunTimes::at(*cron, there);
    const Instant begin = instant(there, place.around - 86'400) + below(24 * 60) * kMinute, end = begin + 60 * kHour;
    std::vector<Instant> found;
    for (Instant now = times.after(begin); now <= end; now = times.after(now)) found.push_back(now);
    CHECK(found == looked_for(*cron, there, begin, end));
  }
}

TEST_CASE("every so often is from the first moment on, whatever a run takes") {
  const Instant start = 1'795'731'545'000'000'000;
  RunSchedule schedule(RunTimes::every(kHour, start), 0, none, start);
  const auto first = schedule.due(start);
  REQUIRE(first);
  CHECK(first->times == 1);
  CHECK(schedule.next() == start + kHour);
  CHECK_FALSE(schedule.due(start + kHour - 1));
  REQUIRE(schedule.due(start + kHour + kMinute));
  CHECK(schedule.next() == start + 2 * kHour);
}

TEST_CASE("what came while nobody looked is one run, and how many times it stands for is told") {
  const auto rome = zone("Europe/Rome");
  const Instant begin = instant(rome, civil_second(2026, 11, 27, 12));
  RunSchedule schedule(at("0 3 * * *", "Europe/Rome"), 0, none, begin);
  CHECK_FALSE(schedule.due(begin));
  const auto late = schedule.due(instant(rome, civil_second(2026, 12, 1, 7)));
  REQUIRE(late);
  CHECK(late->times == 4);
  CHECK(schedule.times().text(late->first) == "2026-11-28T03:00:00+01:00");
  CHECK(schedule.times().text(schedule.next()) == "2026-12-02T03:00:00+01:00");
  CHECK_FALSE(schedule.due(instant(rome, civil_second(2026, 12, 1, 8))));
  // Nobody counts the minutes of a century.
  RunSchedule minutes(at("* * * * *", "UTC"), 0, none, 0);
  CHECK(minutes.due(100 * 365 * 24 * kHour)->times == 1 + RunTimes::kMostCounted);
}

TEST_CASE("a time comes once, though the clock is put back a little; by more than a day it begins anew") {
  const auto rome = zone("Europe/Rome");
  const Instant night = instant(rome, civil_second(2026, 11, 28, 3));
  RunSchedule schedule(at("0 3 * * *", "Europe/Rome"), 0, none, night - kHour);
  REQUIRE(schedule.due(night + kSecond));
  CHECK_FALSE(schedule.due(night - kSecond));
  CHECK_FALSE(schedule.due(night));
  CHECK_FALSE(schedule.due(night - 241 * kHour));
  CHECK(schedule.times().text(schedule.next()) == "2026-11-18T03:00:00+01:00");
  RunSchedule often(RunTimes::every(kMinute, night), 0, none, night);
  REQUIRE(often.due(night));
  CHECK_FALSE(often.due(night - kSecond));
  CHECK(often.due(night - kHour));
  CHECK(often.next() == night - kHour + kMinute);
}

TEST_CASE("a delay is drawn for each time, and never reaches the next one") {
  std::vector<double> drawn{0.5, 0, 0.999999, 0.25};
  std::size_t count = 0;
  const auto draw = [&] { return drawn[count++ % drawn.size()]; };
  const Instant start = 1'795'731'540'000'000'000;
  RunSchedule schedule(RunTimes::every(kHour, start), 10 * kMinute, draw, start);
  CHECK(schedule.next() == start + 5 * kMinute);
  CHECK_FALSE(schedule.due(start + 4 * kMinute));
  CHECK(schedule.due(start + 5 * kMinute)->times == 1);
  CHECK(schedule.next() == start + kHour);
  CHECK(schedule.due(start + kHour));
  CHECK(schedule.next() < start + 2 * kHour + 10 * kMinute);
  RunSchedule long_one(RunTimes::every(kHour, start), 100 * kHour, [] { return 0.9999999999999999; }, start);
  CHECK(long_one.next() < start + kHour);
  CHECK(long_one.next() > start + kHour - kMinute);
}

TEST_CASE("errors of a schedule") {
  test::Golden golden(std::filesystem::path(WEIR_GOLDEN) / "schedule.txt");
  for (const char* const text : {"",
                                 "0 3 * *",
                                 "0 3 * * * *",
                                 "61 * * * *",
                                 "* 24 * * *",
                                 "* * 0 * *",
                                 "* * * foo *",
                                 "* * * * 8",
                                 "* * * * someday",
                                 "1,,2 * * * *",
                                 "5-1 * * * *",
                                 "5/15 * * * *",
                                 "*/60 * * * *",
                                 "*/0 * * * *",
                                 "*/x * * * *",
                                 "0 0 31 2,4 *",
                                 "@reboot",
                                 "@never",
                                 "\x1b[2J * * * *",
                                 "1-2-3 * * * *",
                                 "-5 * * * *",
                                 "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24"})
    golden.tell_failure(std::string("--at ") + (text[0] == '\x1b' ? "ESC" : text), CronExpression::parse(text));
  golden.tell_failure("a zone that is none", zone_named("Europe/Rom"));
  ScheduleArguments arguments;
  arguments.every = "60";
  golden.tell_failure("--every 60", schedule_of(arguments, none, 0));
  arguments.every = "1ms";
  golden.tell_failure("--every 1ms", schedule_of(arguments, none, 0));
  arguments.every = "";
  golden.tell_failure("--every, of nothing", schedule_of(arguments, none, 0));
  arguments.every = "1h";
  arguments.jitter = "0s";
  golden.tell_failure("--jitter 0s", schedule_of(arguments, none, 0));
  arguments.zone = "UTC";
  golden.tell_failure("--zone alone", schedule_of(arguments, none, 0));
  arguments = {};
  arguments.jitter = "5m";
  golden.tell_failure("--jitter alone", schedule_of(arguments, none, 0));
  golden.end();
}

}  // namespace weir::cli
