#include "run/ranges.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <algorithm>
#include <charconv>

#include "base/units.hpp"

namespace weir::run {
namespace {

using manifest::Range;
using Second = cctz::time_point<cctz::seconds>;

constexpr std::size_t kMostRanges = 100'000;

base::Error wrong_range(std::string message, std::string hint) {
  return base::manifest_error("usage.range", std::move(message)).with_hint(std::move(hint));
}

base::Error too_many() {
  return wrong_range("expected at most " + base::format_count(kMostRanges) + " ranges, found more",
                     "take longer ones: --by month, or a greater --step");
}

base::Error ends_first(const RangeRequest& request) {
  return wrong_range("expected --from before --to, found --from " + request.from + " --to " + request.to,
                     "--to is the first that is not loaded any more");
}

std::optional<std::int64_t> whole_key(const std::string& text) {
  std::int64_t key = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), key);
  if (problem != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return key;
}

base::Result<std::vector<Range>> cut_keys(const RangeRequest& request) {
  const auto from = whole_key(request.from), to = whole_key(request.to);
  for (const auto& [key, text] : {std::pair(from, request.from), std::pair(to, request.to)}) {
    if (!key)
      return base::unexpected(wrong_range("expected a whole number for a key, found '" + text + "'",
                                          "write --by key --from 1 --to 1000001 --step 100000"));
  }
  if (request.step <= 0)
    return base::unexpected(
        wrong_range("expected --step beside --by key, found none", "say how many keys a range has: --step 100000"));
  if (*from >= *to) return base::unexpected(ends_first(request));
  std::vector<Range> ranges;
  for (std::int64_t begin = *from; begin < *to;) {
    if (ranges.size() == kMostRanges) return base::unexpected(too_many());
    // Of unsigned numbers: the last may end where there is no other behind it.
    const auto left = static_cast<std::uint64_t>(*to) - static_cast<std::uint64_t>(begin);
    const std::int64_t end = left <= static_cast<std::uint64_t>(request.step) ? *to : begin + request.step;
    const std::string first = std::to_string(begin), behind = std::to_string(end);
    ranges.push_back({first + ".." + behind, {{"range", first + ".." + behind}, {"from", first}, {"to", behind}}});
    begin = end;
  }
  return ranges;
}

// When the clocks of a zone begin to show a day: once, though they may show its first hour twice, or never.
Second day_begin(cctz::civil_day day, const cctz::time_zone& zone) {
  const auto found = zone.lookup(cctz::civil_second(day));
  return found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre;
}

std::string clock_text(const char* form, Second instant, const cctz::time_zone& zone) {
  return cctz::format(form, instant, zone);
}

// A date, "2026-03-29" or, of months and years, as much of it as names one.
std::optional<cctz::civil_day> day_of(const std::string& text, const std::string& by) {
  const auto digits = [&](std::size_t from, std::size_t count) -> std::optional<std::int64_t> {
    for (std::size_t i = from; i < from + count; ++i) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9') return std::nullopt;
    }
    return whole_key(text.substr(from, count));
  };
  const bool only_year = text.size() == 4 && by == "year";
  const bool only_month = text.size() == 7 && (by == "month" || by == "year");
  if (text.size() != 10 && !only_year && !only_month) return std::nullopt;
  const auto year = digits(0, 4), month = only_year ? 1 : digits(5, 2), day = text.size() == 10 ? digits(8, 2) : 1;
  if (!year || !month || !day || (!only_year && text[4] != '-') || (text.size() == 10 && text[7] != '-'))
    return std::nullopt;
  const cctz::civil_day made(*year, static_cast<int>(*month), static_cast<int>(*day));
  if (made.year() != *year || made.month() != *month || made.day() != *day) return std::nullopt;  // no such day
  if (by == "month" && made.day() != 1) return std::nullopt;
  if (by == "year" && (made.day() != 1 || made.month() != 1)) return std::nullopt;
  return made;
}

cctz::civil_day next_of(cctz::civil_day day, const std::string& by) {
  if (by == "week") return day + 7;
  if (by == "month") return cctz::civil_day(cctz::civil_month(day) + 1);
  if (by == "year") return cctz::civil_day(cctz::civil_year(day) + 1);
  return day + 1;
}

Range time_range(std::string name, std::string from, std::string to, Second begin, Second end) {
  constexpr const char* kUtc = "%Y-%m-%dT%H:%M:%SZ";
  Range range{std::move(name), {{"from", std::move(from)}, {"to", std::move(to)}}};
  range.values["range"] = range.name;
  const auto utc = cctz::utc_time_zone();
  range.values["from_utc"] = clock_text(kUtc, begin, utc);
  range.values["to_utc"] = clock_text(kUtc, end, utc);
  range.values["from_seconds"] = std::to_string(begin.time_since_epoch().count());
  range.values["to_seconds"] = std::to_string(end.time_since_epoch().count());
  return range;
}

const char* form_of(const std::string& by) { return by == "month" ? "%Y-%m" : by == "year" ? "%Y" : "%Y-%m-%d"; }

base::Result<std::vector<Range>> cut_days(cctz::civil_day from, cctz::civil_day to, const std::string& by,
                                          const cctz::time_zone& zone) {
  const auto utc = cctz::utc_time_zone();
  const auto text = [&utc](const char* form, cctz::civil_day day) {
    return clock_text(form, cctz::convert(cctz::civil_second(day), utc), utc);
  };
  std::vector<Range> ranges;
  for (cctz::civil_day day = from; day < to;) {
    if (ranges.size() == kMostRanges) return base::unexpected(too_many());
    const cctz::civil_day next = next_of(day, by);
    const Second begin = day_begin(day, zone), end = day_begin(next, zone);
    // A day that a zone's clocks never show, where it changed sides, is none.
    if (begin < end)
      ranges.push_back(time_range(text(form_of(by), day), text("%Y-%m-%d", day), text("%Y-%m-%d", next), begin, end));
    day = next;
  }
  return ranges;
}

base::Result<std::vector<Range>> cut_hours(cctz::civil_day from, cctz::civil_day to, const cctz::time_zone& zone) {
  constexpr const char* kHour = "%Y-%m-%dT%H:%M%Ez";
  std::vector<Range> ranges;
  const Second last = day_begin(to, zone);
  for (Second begin = day_begin(from, zone); begin < last;) {
    if (ranges.size() == kMostRanges) return base::unexpected(too_many());
    const Second end = std::min(begin + cctz::seconds(3600), last);
    ranges.push_back(time_range(clock_text("%Y-%m-%dT%H%Ez", begin, zone), clock_text(kHour, begin, zone),
                                clock_text(kHour, end, zone), begin, end));
    begin = end;
  }
  return ranges;
}

}  // namespace

base::Result<std::vector<Range>> cut_ranges(const RangeRequest& request, const std::string& zone) {
  if (request.by == "key") return cut_keys(request);
  if (request.step != 0)
    return base::unexpected(wrong_range("expected --step beside --by key alone, found it beside --by " + request.by,
                                        "take it away; a longer range of time is --by week, month or year"));
  const auto from = day_of(request.from, request.by), to = day_of(request.to, request.by);
  const bool any_day = request.by != "month" && request.by != "year";
  const std::string first_of_it = any_day ? "expected a day" : "expected the first day of a " + request.by;
  for (const auto& [day, text] : {std::pair(from, request.from), std::pair(to, request.to)}) {
    if (day) continue;
    const char* const example = request.by == "month" ? "2026-03" : request.by == "year" ? "2026" : "2026-03-29";
    return base::unexpected(wrong_range(first_of_it + ", found '" + text + "'", std::string("write it as ") + example));
  }
  if (*from >= *to) return base::unexpected(ends_first(request));
  if (request.by == "week" && (*to - *from) % 7 != 0)
    return base::unexpected(wrong_range("expected whole weeks, found " + std::to_string(*to - *from) + " days",
                                        "let --to be a day of the week as --from is"));
  const std::string name = request.zone.value_or(zone.empty() ? "UTC" : zone);
  cctz::time_zone of_days;
  if (!cctz::load_time_zone(name, &of_days))
    return base::unexpected(wrong_range("expected a time zone that this machine knows, found '" + name + "'",
                                        "write it as IANA does, --zone Europe/Berlin; is tzdata installed?"));
  return request.by == "hour" ? cut_hours(*from, *to, of_days) : cut_days(*from, *to, request.by, of_days);
}

}  // namespace weir::run
