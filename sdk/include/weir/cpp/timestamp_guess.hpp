// How the texts of a column of timestamps are spelled, from samples: readers of text infer a column's type with it.
#pragma once

#include <string>
#include <string_view>

#include "text_times.hpp"

namespace weir {

// What the texts so far have in common. Threads: as a value.
class TimestampGuess {
 public:
  // Takes note of a text; gives false if it is no timestamp, or if no one type and spelling keeps it and those before.
  bool add(std::string_view text) {
    text::ReadTimestamp read;
    if (!text::parse_timestamp(text.data(), text.data() + text.size(), read)) return false;
    const text::Spelling& found = read.spelling;
    if (!seen_) spelling_ = found;
    seen_ = true;
    if (found.separator != spelling_.separator || found.zone != spelling_.zone ||
        found.offset_minutes != spelling_.offset_minutes)
      return false;
    std::int64_t value = 0;
    same_digits_ = same_digits_ && found.digits == spelling_.digits;
    const std::string_view fraction =
        text.substr(19, found.digits > 0 ? static_cast<std::size_t>(found.digits) + 1 : 0);
    shortest_ = shortest_ && !fraction.ends_with('0');
    nanoseconds_ = nanoseconds_ || found.digits > 6;
    nanoseconds_fit_ = nanoseconds_fit_ && text::to_unit(read, Unit::nano, value);
    return (same_digits_ || shortest_) && (!nanoseconds_ || nanoseconds_fit_);
  }
  // How they were written, as a field's metadata; empty if none was seen.
  Metadata spelling() const {
    if (!seen_) return {};
    text::Spelling spelling = spelling_;
    if (!same_digits_) spelling.digits = text::Spelling::kAsNeeded;
    return {{std::string(kSpellingKey), text::spelling_text(spelling)}};
  }
  // The field: microseconds, nanoseconds if there were more than six digits, in the zone that the texts have.
  Schema field(std::string_view name) const {
    std::string format = nanoseconds_ ? "tsn:" : "tsu:";
    if (spelling_.zone == text::Spelling::Zone::utc) format += "UTC";
    if (spelling_.zone == text::Spelling::Zone::offset) format += text::spelling_text(spelling_).substr(2);
    return Schema::field(format, name, true, spelling());
  }

 private:
  bool seen_ = false;
  bool shortest_ = true;  // no fraction ends with 0
  bool same_digits_ = true;
  bool nanoseconds_ = false;     // some have more than six digits
  bool nanoseconds_fit_ = true;  // all are in the range of nanoseconds
  text::Spelling spelling_;
};

}  // namespace weir
