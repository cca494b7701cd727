// calendar: an extractor in C++. It makes one row a day between two dates.
#include <weir/weir.hpp>

#include <algorithm>
#include <chrono>

#include "weir_plugin_info.h"

namespace {

using namespace std::chrono;

constexpr std::int32_t kBatchDays = 16384;

struct Days {
  std::int32_t from, to;
};

std::int32_t date(const weir::Config& config, const char* place) {
  const std::string text(config.text(place));
  std::int32_t days = 0;
  if (weir::text::parse_date(text.data(), text.data() + text.size(), days)) return days;
  const std::string problem = "expected a date such as 2024-01-31, found '" + text + "'";
  throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, problem).option(place);
}

Days days_of(const weir::Config& config) {
  const Days days = {date(config, "/from"), date(config, "/to")};
  if (days.from <= days.to) return days;
  throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a day not before 'from'").option("/to");
}

// Days from the first of January of `year` to `day`.
std::int32_t day_of(year year, sys_days day) {
  return static_cast<std::int32_t>((day - sys_days{year / 1 / 1}).count());
}

}  // namespace

class Calendar : public weir::Reader {
 public:
  // The same days come again each time: the host skips to where it was.
  static void traits(const weir::Config&, weir_traits& traits) { traits.replay = WEIR_REPLAY_EXACT; }

  static bool plan(const weir::Context& context, std::string_view, const weir::Plan& plan) {
    const Days days = days_of(context.config());
    plan.add("all", {}, days.to - days.from + 1);
    return false;
  }

  Calendar(const weir::Context& context, const weir_split&, std::string_view, const weir::Outputs& outputs)
      : days_(days_of(context.config())) {
    std::vector<weir::Schema> fields;
    fields.push_back(weir::Schema::field("tdD", "date", false));
    for (const char* name : {"year", "quarter", "month", "day", "weekday", "iso_year", "iso_week", "day_of_year"}) {
      fields.push_back(weir::Schema::field("i", name, false));
    }
    fields.push_back(weir::Schema::field("b", "weekend", false));
    outputs.put(weir::Schema::rows(std::move(fields)));
  }

  std::int32_t read(std::int64_t, const weir::Next& next) override {
    const std::int32_t count = std::min(kBatchDays, days_.to - days_.from + 1);
    weir::NumberBuilder<std::int32_t> numbers[9];
    weir::BooleanBuilder weekend;
    for (std::int32_t i = 0; i < count; ++i, ++days_.from) {
      const sys_days day{days{days_.from}};
      const year_month_day parts(day);
      const auto weekday_number = static_cast<std::int32_t>(weekday(day).iso_encoding());
      const sys_days thursday = day + days{4 - weekday_number};  // it lies in the week's year
      const auto iso_year = year_month_day(thursday).year();
      const auto month = static_cast<std::int32_t>(unsigned{parts.month()});
      const std::int32_t values[] = {days_.from,
                                     int{parts.year()},
                                     (month + 2) / 3,
                                     month,
                                     static_cast<std::int32_t>(unsigned{parts.day()}),
                                     weekday_number,
                                     int{iso_year},
                                     day_of(iso_year, thursday) / 7 + 1,
                                     day_of(parts.year(), day) + 1};
      for (std::size_t k = 0; k < std::size(values); ++k) numbers[k].append(values[k]);
      weekend.append(weekday_number >= 6);
    }
    std::vector<weir::Array> columns;
    for (auto& column : numbers) columns.push_back(column.finish());
    columns.push_back(weekend.finish());
    if (count > 0) next.push(weir::rows_of(count, std::move(columns)));
    return days_.from > days_.to ? WEIR_READ_END : WEIR_READ_MORE;
  }

 private:
  Days days_;
};

WEIR_PLUGIN(weir::extractor<Calendar>("calendar"));
