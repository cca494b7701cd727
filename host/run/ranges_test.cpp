// Ranges: days of 23 and 25 hours, months, keys; each begins where the one before ends; every error in golden/ranges.txt.
#include "run/ranges.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <filesystem>
#include <map>

#include <weir_catch.hpp>
#include <weir_golden.hpp>

namespace weir::run {
namespace {

using manifest::Range;

std::vector<Range> cut(const std::string& from, const std::string& to, const std::string& by, std::int64_t step = 0,
                       const std::string& zone = "") {
  auto made = cut_ranges({from, to, by, step, std::nullopt}, zone);
  REQUIRE(made);
  return std::move(*made);
}
std::int64_t number(const Range& range, const char* name) { return std::stoll(range.values.find(name)->second); }
std::string value(const Range& range, const char* name) { return range.values.find(name)->second; }

// Whether they are one behind the other, without a gap, and none is empty or called as another.
void must_join(const std::vector<Range>& ranges, const char* from, const char* to) {
  std::map<std::string, int> names;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    CHECK(number(ranges[i], from) < number(ranges[i], to));
    if (i > 0) CHECK(value(ranges[i], from) == value(ranges[i - 1], to));
    CHECK(++names[ranges[i].name] == 1);
    CHECK(value(ranges[i], "range") == ranges[i].name);
  }
}

TEST_CASE("a year has its days, one of 23 hours and one of 25") {
  const auto days = cut("2026-01-01", "2027-01-01", "day", 0, "Europe/Berlin");
  REQUIRE(days.size() == 365);
  must_join(days, "from_seconds", "to_seconds");
  std::map<std::int64_t, std::string> unusual;
  for (const Range& day : days) {
    const auto length = number(day, "to_seconds") - number(day, "from_seconds");
    if (length != 86400) unusual[length] += day.name;
  }
  CHECK(unusual == std::map<std::int64_t, std::string>{{82800, "2026-03-29"}, {90000, "2026-10-25"}});
  CHECK(value(days[87], "from") == "2026-03-29");
  CHECK(value(days[87], "to") == "2026-03-30");
  CHECK(value(days[87], "from_utc") == "2026-03-28T23:00:00Z");
  CHECK(value(days[87], "to_utc") == "2026-03-29T22:00:00Z");
}

TEST_CASE("a day whose first hour the clocks skip begins behind it, and one that they never show is none") {
  const auto brazil = cut("2018-11-03", "2018-11-06", "day", 0, "America/Sao_Paulo");
  must_join(brazil, "from_seconds", "to_seconds");
  CHECK(number(brazil.at(1), "to_seconds") - number(brazil.at(1), "from_seconds") == 23 * 3600);
  const auto samoa = cut("2011-12-29", "2012-01-01", "day", 0, "Pacific/Apia");
  must_join(samoa, "from_seconds", "to_seconds");
  REQUIRE(samoa.size() == 2);
  CHECK(samoa[0].name + " " + samoa[1].name == "2011-12-29 2011-12-31");
}

TEST_CASE("hours are of time, whatever clocks show") {
  const auto berlin = cut("2026-10-25", "2026-10-26", "hour", 0, "Europe/Berlin");
  REQUIRE(berlin.size() == 25);
  must_join(berlin, "from_seconds", "to_seconds");
  CHECK(berlin[2].name == "2026-10-25T02+02:00");
  CHECK(berlin[3].name == "2026-10-25T02+01:00");
  CHECK(value(berlin[3], "from") == "2026-10-25T02:00+01:00");
  CHECK(cut("2026-03-29", "2026-03-30", "hour", 0, "Europe/Berlin").size() == 23);
  must_join(cut("2026-04-05", "2026-04-06", "hour", 0, "Australia/Lord_Howe"), "from_seconds", "to_seconds");
}

TEST_CASE("weeks, months and years are named by how they begin") {
  const auto weeks = cut("2026-03-02", "2026-03-23", "week");
  REQUIRE(weeks.size() == 3);
  CHECK(weeks[1].name == "2026-03-09");
  const auto months = cut("2025-12", "2026-03", "month");
  REQUIRE(months.size() == 3);
  must_join(months, "from_seconds", "to_seconds");
  CHECK(months[2].name == "2026-02");
  CHECK(value(months[2], "from") + " " + value(months[2], "to") == "2026-02-01 2026-03-01");
  CHECK(cut("2024", "2027", "year")[2].name == "2026");
  CHECK(cut("2024-01-01", "2027-01", "year").size() == 3);
}

TEST_CASE("keys are cut by number, the last range may be shorter") {
  const auto keys = cut("-5", "7", "key", 5);
  REQUIRE(keys.size() == 3);
  must_join(keys, "from", "to");
  CHECK(keys[0].name == "-5..0");
  CHECK(keys[2].name == "5..7");
  const auto ends = cut("9223372036854775800", "9223372036854775807", "key", 5);
  REQUIRE(ends.size() == 2);
  CHECK(ends[1].name == "9223372036854775805..9223372036854775807");
  const auto all = cut("-9223372036854775808", "9223372036854775807", "key", 9223372036854775807);
  must_join(all, "from", "to");
  CHECK(value(all.back(), "to") == "9223372036854775807");
}

TEST_CASE("what can't be cut is told with its cure") {
  const std::vector<RangeRequest> wrong{
      {"2026-02-30", "2026-03-01", "day", 0, {}},
      {"2026-3-1", "2026-04-01", "day", 0, {}},
      {"yesterday", "2026-04-01", "hour", 0, {}},
      {"2026-03-02", "2026-04-01", "month", 0, {}},
      {"2026-02", "2027", "year", 0, {}},
      {"2026-03-01", "2026-03-10", "week", 0, {}},
      {"2026-03-02", "2026-03-02", "day", 0, {}},
      {"0001-01-01", "9999-01-01", "day", 0, {}},
      {"2026-03-01", "2026-03-02", "day", 7, {}},
      {"2026-03-01", "2026-03-02", "day", 0, "Europe/Atlantis"},
      {"1", "100", "key", 0, {}},
      {"1", "ten", "key", 5, {}},
      {"5", "1", "key", 5, {}},
      {"1", "1000000", "key", 1, {}},
  };
  test::Golden golden(std::filesystem::path(WEIR_GOLDEN) / "ranges.txt");
  for (const auto& request : wrong)
    golden.tell_failure("--from " + request.from + " --to " + request.to + " --by " + request.by + " --step " +
                            std::to_string(request.step) + " --zone " + request.zone.value_or(""),
                        cut_ranges(request, ""));
  golden.end();
}

}  // namespace
}  // namespace weir::run
