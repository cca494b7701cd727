// How one field becomes one value: a functor for each type, which takes the bytes of a text and gives false if they are
// none of its values.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <weir/weir.hpp>

#include "habits.hpp"

namespace weir::csv {

// Integers. Up to eight digits are read at once, where eight bytes can be read (`safe`: the last address of those).
template <class T>
struct ReadInteger {
  const char* safe;

  bool operator()(const char* begin, const char* end, T& value) const {
    const std::int64_t length = end - begin;
    if (length <= 8 && begin <= safe && *begin != '0') {
      const auto shift = static_cast<unsigned>(8 * (8 - length));
      std::uint64_t word = text::detail::load8(begin);
      word = shift == 0 ? word : (word << shift) | (0x3030303030303030ULL >> (64 - shift));
      if (text::detail::all_digits(word)) {
        const std::uint32_t read = text::detail::eight_digits(word);
        value = static_cast<T>(read);
        return sizeof(T) >= 4 || read <= static_cast<std::uint32_t>(std::numeric_limits<T>::max());
      }
    }
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      return text::parse_uint64(begin, end, value);
    } else {
      std::int64_t read = 0;
      if (!text::parse_int64(begin, end, read)) return false;
      if (read < static_cast<std::int64_t>(std::numeric_limits<T>::min()) ||
          read > static_cast<std::int64_t>(std::numeric_limits<T>::max())) {
        return false;
      }
      value = static_cast<T>(read);
      return true;
    }
  }
};

struct ReadDouble {
  bool exact;  // refuse what a double can't say in full

  bool operator()(const char* begin, const char* end, double& value) const {
    text::NumberText number;
    if (!text::scan_number(begin, end, number) || !text::to_double(number, begin, end, value)) return false;
    return !exact || text::keeps_value(number, value);
  }
};

struct ReadFloat {
  bool operator()(const char* begin, const char* end, float& value) const {
    return text::parse_float(begin, end, value);
  }
};

struct ReadDecimal {
  int precision, scale;
  bool operator()(const char* begin, const char* end, Int128& value) const {
    return text::parse_decimal(begin, end, precision, scale, value);
  }
};

struct ReadDate {
  bool operator()(const char* begin, const char* end, std::int32_t& value) const {
    return text::parse_date(begin, end, value);
  }
};

struct ReadTime {
  Unit unit;
  bool operator()(const char* begin, const char* end, std::int64_t& value) const {
    return text::parse_time(begin, end, unit, value);
  }
};

struct ReadTimestampAs {
  Unit unit;
  bool zoned;
  const LocalZone* zone;  // what texts without a zone mean; null: they are none of a column with one
  bool operator()(const char* begin, const char* end, std::int64_t& value) const {
    text::ReadTimestamp read;
    return text::parse_timestamp(begin, end, read) && settle(read) && text::to_unit(read, unit, value);
  }
  // Makes the column's of what was read: false if that can't be.
  bool settle(text::ReadTimestamp& read) const {
    if ((read.spelling.zone != text::Spelling::Zone::none) == zoned) return true;
    if (!zoned || zone == nullptr) return false;
    read.seconds = zone->to_utc(read.seconds);
    return true;
  }
};

// Dates and times by a pattern.
struct ReadPatternDate {
  const TimePattern& pattern;
  bool operator()(const char* begin, const char* end, std::int32_t& value) const {
    text::ReadTimestamp read;
    if (!pattern.parse(begin, end, read)) return false;
    value = static_cast<std::int32_t>(read.seconds / 86400 - (read.seconds % 86400 < 0 ? 1 : 0));
    return true;
  }
};

struct ReadPatternTime {
  const TimePattern& pattern;
  Unit unit;
  bool operator()(const char* begin, const char* end, std::int64_t& value) const {
    text::ReadTimestamp read;
    return pattern.parse(begin, end, read) && text::to_unit(read, unit, value);
  }
};

struct ReadPatternTimestamp {
  const TimePattern& pattern;
  ReadTimestampAs as;
  bool operator()(const char* begin, const char* end, std::int64_t& value) const {
    text::ReadTimestamp read;
    return pattern.parse(begin, end, read) && as.settle(read) && text::to_unit(read, as.unit, value);
  }
};

// Numbers with other marks.
template <class Read>
struct Localized {
  NumberMarks marks;
  Read read;  // which reads nothing behind the text
  template <class T>
  bool operator()(const char* begin, const char* end, T& value) const {
    char plain[kMaxNumber];
    const char* const last = to_usual_number(begin, end, marks, plain);
    return last != nullptr && last != plain && read(plain, last, value);
  }
};

struct ReadBoolean {
  bool operator()(const char* begin, const char* end, std::uint8_t& value) const {
    const std::string_view text(begin, static_cast<std::size_t>(end - begin));
    value = text == "true" ? 1 : 0;
    return value != 0 || text == "false";
  }
};

}  // namespace weir::csv
