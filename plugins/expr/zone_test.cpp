// Zones: what clocks show, and when they show it, against cctz itself and around the hours at which clocks are changed.
#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <random>

#include <weir_catch.hpp>

#include "answer.hpp"
#include "example_rows.hpp"
#include "zone.hpp"

namespace {

using namespace weir;

std::string answer(const std::string& expression) {
  static const expr::ExampleRows kRows;
  return expr::answers_of(expression, kRows.schema.get(), kRows.rows.get()).at(0);
}

std::int64_t seconds(int year, int month, int day, int hour, int minute) {
  return cctz::civil_second(year, month, day, hour, minute) - cctz::civil_second(1970, 1, 1);
}

}  // namespace

TEST_CASE("a zone shows at every instant what cctz says, in whatever order it is asked") {
  std::mt19937_64 random(7);
  for (const char* name : {"Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
                           "America/Sao_Paulo", "Pacific/Apia", "UTC", "Africa/Casablanca", "Europe/Dublin"}) {
    INFO(name);
    const auto zone = expr::Zone::named(name);
    REQUIRE(zone.has_value());
    cctz::time_zone known;
    REQUIRE(cctz::load_time_zone(name, &known));
    int wrong = 0;
    for (int i = 0; i < 20'000; ++i) {
      // 1880 to 2100, half of them near the one before.
      static std::int64_t instant = 0;
      instant = i % 2 == 0 ? static_cast<std::int64_t>(random() % 6'942'240'000) - 2'840'140'800
                           : instant + static_cast<std::int64_t>(random() % 20'000) - 10'000;
      const cctz::time_point<cctz::seconds> point{cctz::seconds(instant)};
      const std::int64_t shown = cctz::convert(point, known) - cctz::civil_second(1970, 1, 1);
      const cctz::civil_second civil = cctz::civil_second(1970, 1, 1) + shown;
      wrong += zone->clock_at(instant) != shown ? 1 : 0;
      wrong += zone->instant_of(shown) != known.lookup(civil).pre.time_since_epoch().count() ? 1 : 0;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("where clocks are put forward or back, the first of two moments is meant, or the hour that was left out") {
  const auto rome = expr::Zone::named("Europe/Rome");
  REQUIRE(rome.has_value());
  CHECK(rome->instant_of(seconds(2024, 3, 31, 1, 59)) == seconds(2024, 3, 31, 0, 59));
  CHECK(rome->instant_of(seconds(2024, 3, 31, 2, 30)) == seconds(2024, 3, 31, 1, 30));
  CHECK(rome->instant_of(seconds(2024, 3, 31, 3, 0)) == seconds(2024, 3, 31, 1, 0));
  CHECK(rome->instant_of(seconds(2024, 10, 27, 2, 30)) == seconds(2024, 10, 27, 0, 30));
  CHECK(rome->clock_at(seconds(2024, 10, 27, 1, 30)) == seconds(2024, 10, 27, 2, 30));
  CHECK(rome->instant_of(seconds(2024, 10, 27, 3, 0)) == seconds(2024, 10, 27, 2, 0));
}

TEST_CASE("zones have names of IANA, and offsets; what depends on the machine is none") {
  for (const char* name : {"Europe/Rome", "UTC", "Z", "+02:00", "-0530", "+2", "Etc/GMT+3"})
    CHECK(expr::Zone::named(name).has_value());
  for (const char* name : {"", "Mars", "localtime", "/etc/localtime", "../UTC", ":UTC", "+25:00", "+123", "+1:60"})
    CHECK_FALSE(expr::Zone::named(name).has_value());
  CHECK(expr::Zone::named("-0530")->clock_at(0) == -19'800);
}

TEST_CASE("days and months are added on the clock of the zone, hours on the line of time") {
  const std::string there = "cast(timestamp '2024-03-30 11:00:00Z' as timestamp(us, Europe/Rome))";
  CHECK(answer(there + " + interval 1 day") == "2024-03-31T10:00:00Z");
  CHECK(answer(there + " + interval 24 hours") == "2024-03-31T11:00:00Z");
  CHECK(answer(there + " + interval '1 month -1 day 2 hours'") == "2024-04-29T12:00:00Z");
  CHECK(answer("interval 2 weeks + date '2024-12-25'") == "2025-01-08");
  CHECK(answer("date '2024-01-31' - interval (1 + 1) months") == "2023-11-30");
  CHECK(answer("date '2024-01-31' + interval 90 minutes") == "2024-01-31T01:30:00");
  CHECK(answer("date '2024-01-31' + interval '1' millisecond") == "2024-01-31T00:00:00.001");
  CHECK(answer("date_trunc('day', " + there + ")") == "2024-03-29T23:00:00Z");
  CHECK(answer("cast(timestamp '2024-03-30 23:30:00Z' at time zone 'Europe/Rome' as date)") == "2024-03-31");
  CHECK(answer("cast(cast(timestamp '2024-03-30 23:30:00Z' as timestamp(us, Europe/Rome)) as date)") == "2024-03-31");
  CHECK(answer("hour(" + there + ")") == "12");
  CHECK(answer("strftime(" + there + ", '%H:%M %z')") == "'12:00 +01:00'");
  CHECK(answer("date '2024-01-31' + interval 9223372036854775807 days") == "rejected: date out of range");
  CHECK(answer("timestamp '2024-01-31 00:00:00' + interval 9223372036854775807 hours") ==
        "rejected: timestamp out of range");
}

TEST_CASE("moments of an hour that clocks show twice stay in the one of the two that they are in") {
  const auto there = [](const std::string& moment, const std::string& zone) {
    return "cast(timestamp '" + moment + "' as timestamp(us, " + zone + "))";
  };
  const std::string second = there("2024-10-27 01:30:00.5Z", "Europe/Rome");
  const std::string first = there("2024-10-27 00:30:00.5Z", "Europe/Rome");
  CHECK(answer("date_trunc('hour', " + second + ")") == "2024-10-27T01:00:00Z");
  CHECK(answer("date_trunc('minute', " + second + ")") == "2024-10-27T01:30:00Z");
  CHECK(answer("date_trunc('hour', " + first + ")") == "2024-10-27T00:00:00Z");
  CHECK(answer("date_trunc('day', " + second + ")") == "2024-10-26T22:00:00Z");
  CHECK(answer("date_trunc('hour', " + there("2024-05-17 12:34:56Z", "Asia/Kolkata") + ")") == "2024-05-17T12:30:00Z");
  CHECK(answer("date_trunc('hour', " + there("1969-12-31 23:59:59.5Z", "UTC") + ")") == "1969-12-31T23:00:00Z");
  CHECK(answer(second + " + interval 0 day") == "2024-10-27T01:30:00.5Z");
  CHECK(answer(first + " + interval 0 day") == "2024-10-27T00:30:00.5Z");
  CHECK(answer(second + " + interval '1 month -1 month'") == "2024-10-27T01:30:00.5Z");
  CHECK(answer(there("2024-11-27 01:30:00Z", "Europe/Rome") + " - interval 1 month") == "2024-10-27T01:30:00Z");
  CHECK(answer(there("2024-09-27 00:30:00Z", "Europe/Rome") + " + interval 1 month") == "2024-10-27T00:30:00Z");
  // There midnight comes twice: a day begins with the first.
  CHECK(answer("date_trunc('day', " + there("2024-11-03 17:00:00Z", "America/Havana") + ")") == "2024-11-03T04:00:00Z");
}

TEST_CASE("what a format says is read again as it was written") {
  const std::string moment = "timestamp '2024-02-09 15:04:05.250'";
  for (const char* format :
       {"%Y-%m-%d %H:%M:%S.%f", "%d/%b/%Y %I:%M:%S.%g %p", "%j %Y %T.%f", "%A %-d %B %Y %H:%M:%S.%f"}) {
    const std::string text = std::string(", '") + format + "')";
    INFO(format);
    CHECK(answer("strptime(strftime(" + moment + text + text) == "2024-02-09T15:04:05.25");
  }
  CHECK(answer("strftime(timestamp '2024-02-09 00:05:00', '%I %p %-I %y %w %u %G-W%V %%')") ==
        "'12 AM 12 24 5 5 2024-W06 %'");
  for (const char* text : {"9.2.2024x", "", "9.13.2024", "30.2.2024", "9.2", "9 .2.2024", "-9.2.2024"}) {
    INFO(text);
    CHECK(answer(std::string("try_strptime('") + text + "', '%d.%m.%Y')") == "null");
  }
  CHECK(answer("strptime('Feb 2024', '%b %Y')") == "2024-02-01T00:00:00");
  CHECK(answer("strptime('12 pm', '%I %p')") == "1900-01-01T12:00:00");
}
