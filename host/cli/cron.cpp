#include "cli/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "base/utf8.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kFields = 5;
constexpr std::size_t kMostShownBytes = 60;  // bytes of an expression in an error
constexpr int kMostYears = 60;  // until a day comes that there is at all: a 29 February on a Sunday takes 40 years

struct Field {
  const char* name;
  int least, most;
  std::span<const std::string_view> names;  // of the values from `least` on
};

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr int kSunday = 7;  // as the end of a range

const std::array<Field, kFields> kFieldsInOrder{{{"minute", 0, 59, {}},
                                                 {"hour", 0, 23, {}},
                                                 {"day of the month", 1, 31, {}},
                                                 {"month", 1, 12, kMonths},
                                                 {"day of the week", 0, kSunday, kWeekdays}}};

struct Word {
  std::string_view name, means;
};
constexpr std::array<Word, 7> kCronWords{{{"@yearly", "0 0 1 1 *"},
                                          {"@annually", "0 0 1 1 *"},
                                          {"@monthly", "0 0 1 * *"},
                                          {"@weekly", "0 0 * * 0"},
                                          {"@daily", "0 0 * * *"},
                                          {"@midnight", "0 0 * * *"},
                                          {"@hourly", "0 * * * *"}}};

std::string shown_expression(std::string_view text) {
  return base::printable(text.substr(0, kMostShownBytes)) + (text.size() > kMostShownBytes ? "…" : "");
}

base::Unexpected wrong(const std::string& message, const std::string& hint) {
  return base::unexpected(base::manifest_error("usage.schedule", "--at: " + message).with_hint(hint));
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& letter : made) letter = 'A' <= letter && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return made;
}

std::vector<std::string_view> split(std::string_view text, std::string_view between) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_number(std::string_view text, int& number) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() && !text.empty();
}

// One field of an expression, as it is read.
class FieldText {
 public:
  FieldText(const Field& field, std::string_view text) : field_(field), text_(text) {}

  base::Result<std::bitset<64>> values() const {
    std::bitset<64> all;
    for (const std::string_view item : split(text_, ",")) WEIR_TRY(add(item, all));
    if (field_.most == kSunday && all[kSunday]) all.set(0).reset(kSunday);
    return all;
  }
  bool begins_with_star() const { return text_.starts_with('*'); }

 private:
  base::Unexpected wrong_item(std::string_view item) const {
    const std::string range = std::to_string(field_.least) + " to " + std::to_string(field_.most);
    const std::string names =
        field_.names.empty() ? ""
                             : " or " + std::string(field_.names.front()) + " to " + std::string(field_.names.back());
    return wrong(
        "expected " + range + names + " as " + field_.name + ", found '" + shown_expression(item) + "'",
        "a field is *, a value, a range such as 1-5, either of * and a range with a step such as */2, or several of "
        "these with commas between");
  }

  base::Result<int> value(std::string_view text, std::string_view item) const {
    int number = 0;
    const auto name = std::find(field_.names.begin(), field_.names.end(), lower(text));
    if (name != field_.names.end()) return field_.least + static_cast<int>(name - field_.names.begin());
    if (!is_number(text, number) || number < field_.least || number > field_.most) return wrong_item(item);
    return number;
  }

  base::Result<void> add(std::string_view item, std::bitset<64>& all) const {
    const std::size_t slash = item.find('/'), dash = item.substr(0, slash).find('-');
    const std::string_view range = item.substr(0, slash);
    int first = field_.least, last = field_.most, step = 1;
    if (range != "*") {
      WEIR_TRY_ASSIGN(first, value(range.substr(0, dash), item));
      last = first;
      if (dash != std::string_view::npos) {
        WEIR_TRY_ASSIGN(last, value(range.substr(dash + 1), item));
      }
      if (field_.most == kSunday && last == 0 && first > 0) last = kSunday;
    }
    if (last < first) {
      return wrong(
          "expected a range that goes up as " + std::string(field_.name) + ", found '" + shown_expression(item) + "'",
          "name both parts of it, with a comma between");
    }
    if (slash != std::string_view::npos) {
      if (range != "*" && dash == std::string_view::npos) {
        return wrong(
            "expected * or a range before the step, found '" + shown_expression(item) + "' as " + field_.name,
            "write " + std::string(range) + "-" + std::to_string(field_.most) + std::string(item.substr(slash)));
      }
      if (!is_number(item.substr(slash + 1), step) || step < 1 || step > last - first) {
        return wrong("expected a step of 1 to " + std::to_string(last - first) + ", found '" + shown_expression(item) +
                         "' as " + field_.name,
                     "a step counts within its field: */15 is each quarter of an hour, as minute");
      }
    }
    for (int number = first; number <= last; number += step) all.set(static_cast<std::size_t>(number));
    return {};
  }

  const Field& field_;
  std::string_view text_;
};

base::Result<std::string_view> five_fields(std::string_view text) {
  if (!text.starts_with('@')) return text;
  const auto word =
      std::find_if(kCronWords.begin(), kCronWords.end(), [&](const Word& one) { return one.name == lower(text); });
  if (word != kCronWords.end()) return word->means;
  return wrong("expected @yearly, @monthly, @weekly, @daily or @hourly, found '" + shown_expression(text) + "'",
               "--every runs it as soon as weir starts, too");
}

int most_days(std::size_t month) {
  return month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

base::Result<CronExpression> CronExpression::parse(std::string_view text) {
  WEIR_TRY_ASSIGN(const std::string_view fields, five_fields(text));
  std::vector<std::string_view> words = split(fields, " \t");
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  if (words.size() != kFields) {
    return wrong("expected five fields, minute, hour, day of the month, month and day of the week, found '" +
                     shown_expression(text) + "'",
                 "every night at three is \"0 3 * * *\", in quotes");
  }
  CronExpression made;
  const std::array<std::bitset<64>*, kFields> sets{&made.minutes_, &made.hours_, &made.days_, &made.months_,
                                                   &made.weekdays_};
  std::array<bool, kFields> star{};
  for (std::size_t i = 0; i < kFields; ++i) {
    const FieldText field(kFieldsInOrder[i], words[i]);
    WEIR_TRY_ASSIGN(*sets[i], field.values());
    star[i] = field.begins_with_star();
  }
  made.of_the_day_ = !star[0] && !star[1];
  made.either_day_ = !star[2] && !star[4];
  bool there = made.either_day_;
  for (std::size_t month = 1; month <= kMonths.size(); ++month) {
    for (int day = 1; made.months_[month] && day <= most_days(month); ++day)
      there = there || made.days_[static_cast<std::size_t>(day)];
  }
  if (!there) {
    return wrong("expected a day that comes, found '" + shown_expression(text) + "'",
                 "none of these months has a day of that number");
  }
  return made;
}

bool CronExpression::names_day(cctz::civil_day day) const {
  if (!months_[static_cast<std::size_t>(day.month())]) return false;
  const auto weekday = (static_cast<std::size_t>(cctz::get_weekday(day)) + 1) % kWeekdays.size();  // cctz: Monday is 0
  const bool of_month = days_[static_cast<std::size_t>(day.day())], of_week = weekdays_[weekday];
  return either_day_ ? of_month || of_week : of_month && of_week;
}

bool CronExpression::names(cctz::civil_minute minute) const {
  return minutes_[static_cast<std::size_t>(minute.minute())] && hours_[static_cast<std::size_t>(minute.hour())] &&
         names_day(cctz::civil_day(minute));
}

cctz::civil_minute CronExpression::next(cctz::civil_minute from) const {
  const cctz::civil_year end = cctz::civil_year(from) + kMostYears;
  while (cctz::civil_year(from) < end) {
    if (!names_day(cctz::civil_day(from)))
      from = cctz::civil_minute(cctz::civil_day(from) + 1);
    else if (!hours_[static_cast<std::size_t>(from.hour())])
      from = cctz::civil_minute(cctz::civil_hour(from) + 1);
    else if (!minutes_[static_cast<std::size_t>(from.minute())])
      from += 1;
    else
      break;
  }
  return from;
}

}  // namespace weir::cli
