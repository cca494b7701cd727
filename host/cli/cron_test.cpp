// Expressions of cron: what they name, against sets of numbers that are looked through minute by minute.
#include "cli/cron.hpp"

#include <array>
#include <random>
#include <set>
#include <string>

#include <weir_catch.hpp>

namespace weir::cli {
namespace {

using cctz::civil_minute;

CronExpression read(const std::string& text) {
  auto cron = CronExpression::parse(text);
  INFO(text);
  REQUIRE(cron);
  return *cron;
}

// A field as text, and the numbers that it means, by a way of its own.
struct Drawn {
  std::string text;
  std::set<int> numbers;
};

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  int between(int least, int most) { return least + below(most - least + 1); }

  Drawn field(int least, int most, const std::vector<std::string>& names) {
    Drawn drawn;
    for (int items = between(1, 3); items > 0; --items) {
      if (!drawn.text.empty()) drawn.text += ",";
      const int first = between(least, most), last = between(first, most), step = between(1, std::max(1, last - first));
      const auto shown = [&](int number) {
        const auto place = static_cast<std::size_t>(number - least);
        return place < names.size() && below(2) == 0 ? names[place] : std::to_string(number);
      };
      const int kind = below(4);
      if (kind == 0) {
        drawn.text += shown(first);
        drawn.numbers.insert(first);
      } else if (kind == 1 && below(3) == 0) {
        const int every = between(1, most - least);
        drawn.text += "*/" + std::to_string(every);
        for (int number = least; number <= most; number += every) drawn.numbers.insert(number);
      } else {
        const bool steps = kind == 2 && last > first;
        drawn.text += shown(first) + "-" + shown(last) + (steps ? "/" + std::to_string(step) : "");
        for (int number = first; number <= last; number += steps ? step : 1) drawn.numbers.insert(number);
      }
    }
    return drawn;
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> kMonthNames{"JAN", "feb", "Mar", "apr", "may", "jun",
                                           "jul", "aug", "sep", "oct", "nov", "dec"};
const std::vector<std::string> kDayNames{"SUN", "mon", "Tue", "wed", "thu", "fri", "sat"};

struct DrawnLine {
  std::array<Drawn, 5> fields;

  explicit DrawnLine(Draw& draw)
      : fields{draw.field(0, 59, {}), draw.field(0, 23, {}), draw.field(1, 31, {}), draw.field(1, 12, kMonthNames),
               draw.field(0, 6, kDayNames)} {
    for (const std::size_t i : {0U, 1U, 2U, 3U, 4U}) {
      if (draw.below(3) == 0) fields[i] = star(i);
    }
  }
  static Drawn star(std::size_t i) {
    constexpr std::array<int, 5> kLeast{0, 0, 1, 1, 0}, kMost{59, 23, 31, 12, 6};
    Drawn all{"*", {}};
    for (int number = kLeast[i]; number <= kMost[i]; ++number) all.numbers.insert(number);
    return all;
  }
  std::string text() const {
    std::string text;
    for (const auto& field : fields) text += (text.empty() ? "" : " ") + field.text;
    return text;
  }
  bool names(civil_minute at) const {
    const auto has = [&](std::size_t i, int number) { return fields[i].numbers.count(number) > 0; };
    const int weekday = (static_cast<int>(cctz::get_weekday(cctz::civil_day(at))) + 1) % 7;
    const bool of_month = has(2, at.day()), of_week = has(4, weekday);
    const bool either = fields[2].text[0] != '*' && fields[4].text[0] != '*';
    return has(0, at.minute()) && has(1, at.hour()) && has(3, at.month()) &&
           (either ? of_month || of_week : of_month && of_week);
  }
};

}  // namespace

TEST_CASE("what an expression names is what its fields say, and next() leaves nothing out") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  Draw draw(seed);
  for (int i = 0; i < 300; ++i) {
    const DrawnLine line(draw);
    auto cron = CronExpression::parse(line.text());
    INFO(line.text());
    if (!cron) {  // no such day
      CHECK(cron.error().message.find("expected a day that comes") != std::string::npos);
      continue;
    }
    civil_minute at(draw.between(1970, 2100), draw.between(1, 12), draw.between(1, 31), draw.below(24), draw.below(60));
    const civil_minute next = cron->next(at);
    for (int minutes = 0; at < next && minutes < 50'000; ++minutes, ++at) {
      if (!line.names(at) && !cron->names(at)) continue;
      FAIL("left out: " << at);
    }
    INFO(next);
    CHECK(line.names(next));
    CHECK(cron->names(next));
  }
}

TEST_CASE("words stand for expressions") {
  const civil_minute from(2026, 11, 27, 13, 5);
  CHECK(read("@hourly").next(from) == civil_minute(2026, 11, 27, 14, 0));
  CHECK(read("@Daily").next(from) == civil_minute(2026, 11, 28, 0, 0));
  CHECK(read("@midnight").next(from) == civil_minute(2026, 11, 28, 0, 0));
  CHECK(read("@weekly").next(from) == civil_minute(2026, 11, 29, 0, 0));
  CHECK(read("@monthly").next(from) == civil_minute(2026, 12, 1, 0, 0));
  CHECK(read("@yearly").next(from) == civil_minute(2027, 1, 1, 0, 0));
  CHECK(read("@annually").next(from) == civil_minute(2027, 1, 1, 0, 0));
}

TEST_CASE("Sunday is 0, 7 and sun, also at the end of a range") {
  const civil_minute saturday(2026, 11, 28, 0, 0), sunday(2026, 11, 29, 0, 0);
  for (const char* const days : {"0", "7", "sun", "SUN"})
    CHECK(read(std::string("0 0 * * ") + days).next(saturday) == sunday);
  for (const char* const days : {"6-7", "sat-sun", "sat-0"}) {
    const auto cron = read(std::string("0 0 * * ") + days);
    CHECK(cron.names(saturday));
    CHECK(cron.names(sunday));
    CHECK_FALSE(cron.names(sunday + 24 * 60));
  }
  CHECK(read("0 0 * * sun-tue").names(sunday + 24 * 60));
}

TEST_CASE("a day is one of both fields, where neither begins with a star") {
  const civil_minute friday_the_13th(2026, 11, 13, 0, 0);
  CHECK(read("0 0 13 * fri").next(friday_the_13th + 1) == civil_minute(2026, 11, 20, 0, 0));
  CHECK(read("0 0 */2 * fri").next(friday_the_13th + 1) == civil_minute(2026, 11, 27, 0, 0));
  CHECK(read("0 0 13 * *").next(friday_the_13th + 1) == civil_minute(2026, 12, 13, 0, 0));
}

TEST_CASE("a 29 February on a Sunday is found, though it takes forty years") {
  CHECK(read("0 0 29 2 */7").next(civil_minute(2088, 2, 29, 0, 1)) == civil_minute(2128, 2, 29, 0, 0));
}

}  // namespace weir::cli
