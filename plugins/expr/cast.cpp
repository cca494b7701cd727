// Kernels of casts.
#include "cast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "letters.hpp"
#include "logic.hpp"
#include "moment.hpp"
#include "rowwise.hpp"

namespace weir::expr {
namespace {

using Word = std::int64_t;
using View = std::string_view;

bool fits_digits(Int128 value, std::int32_t precision) {
  return value < power_of_ten(precision) && value > -power_of_ten(precision);
}

// value / 10^digits, rounded half away from zero.
Int128 shorten(Int128 value, std::int32_t digits) {
  const Int128 by = power_of_ten(digits);
  const Int128 rest = value % by;
  const Int128 magnitude = rest < 0 ? -rest : rest;
  return value / by + (magnitude >= by - magnitude ? (value < 0 ? -1 : 1) : 0);
}

bool rescale(Int128 value, std::int32_t from, const ValueType& to, Int128& result) {
  if (from > to.scale) {
    result = shorten(value, from - to.scale);
  } else if (__builtin_mul_overflow(value, power_of_ten(to.scale - from), &result)) {
    return false;
  }
  return fits_digits(result, to.precision);
}

bool round_to_word(double value, Word& result) {
  const double rounded = std::round(value);
  if (!(rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0)) return false;
  result = static_cast<Word>(rounded);
  return true;
}

// The nearest decimal: by the digits of the double's shortest text, which is what people see.
bool decimal_of(double value, const ValueType& type, Int128& result) {
  if (!std::isfinite(value) || std::fabs(value) >= 1e38) return false;
  char text[512];
  const auto written = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  if (written.ec != std::errc()) return false;
  const View all(text, static_cast<std::size_t>(written.ptr - text));
  const std::size_t point = std::min(all.find('.'), all.size());
  const std::size_t next = point + 1 + static_cast<std::size_t>(type.scale);  // the first digit that is left out
  const std::size_t kept = type.scale == 0 ? point : std::min(all.size(), next);
  if (!text::parse_decimal(all.data(), all.data() + kept, kMaximumPrecision, type.scale, result)) return false;
  if (next < all.size() && all[next] >= '5') result += value < 0 ? -1 : 1;
  return fits_digits(result, type.precision);
}

bool read_boolean(View text, bool& result) {
  const std::string small = text.size() <= 5 ? lowered(text) : std::string();
  result = small == "true";
  return result || small == "false";
}

// A date counts as its midnight, in UTC if the type has a zone.
bool read_timestamp(View text, const ValueType& type, Word& result) {
  text::ReadTimestamp read;
  std::int32_t days = 0;
  if (text::parse_date(text.data(), text.data() + text.size(), days) && !type.zoned) {
    read.seconds = Word{days} * 86400;
  } else if (!text::parse_timestamp(text.data(), text.data() + text.size(), read) ||
             (read.spelling.zone != text::Spelling::Zone::none) != type.zoned) {
    return false;
  }
  return text::to_unit(read, type.unit, result);
}

View keep(Frame& frame, View text) {
  char* room = frame.arena.take(text.size());
  if (!text.empty()) std::memcpy(room, text.data(), text.size());
  return {room, text.size()};
}

// Writes a value by `write`, which takes where to write and gives the end, or null: no text.
template <class From, class Write>
OperationPointer to_text(OperationPointer operand, std::size_t most, const std::string& source, Write write) {
  const Fault fault = fault_in("no text", source);
  return rowwise<From, View>({.kind = Kind::text}, std::move(operand), fault,
                             [most, write](From value, View& result, Frame& frame) {
                               char* room = frame.arena.take(most);
                               const char* end = write(room, value);
                               if (end == nullptr) return false;
                               result = {room, static_cast<std::size_t>(end - room)};
                               frame.arena.trim(room, result.size());
                               return true;
                             });
}

OperationPointer cast_to_text(OperationPointer operand, const std::string& source) {
  const ValueType from = operand->type();
  switch (from.kind) {
    case Kind::integer: return to_text<Word>(std::move(operand), text::kMaxInteger, source, text::write_int64);
    case Kind::real: return to_text<double>(std::move(operand), text::kMaxDouble, source, text::write_double);
    case Kind::decimal:
      return to_text<Int128>(
          std::move(operand), text::kMaxDecimal, source,
          [scale = from.scale](char* to, Int128 value) { return text::write_decimal(to, value, scale); });
    case Kind::date:
      return to_text<Word>(std::move(operand), text::kMaxDate, source,
                           [](char* to, Word days) { return text::write_date(to, static_cast<std::int32_t>(days)); });
    case Kind::time:
      return to_text<Word>(std::move(operand), text::kMaxTime, source,
                           [unit = from.unit](char* to, Word value) { return text::write_time(to, value, unit); });
    case Kind::timestamp: {
      text::Spelling spelling;
      if (from.zoned) spelling.zone = text::Spelling::Zone::utc;
      return to_text<Word>(std::move(operand), text::kMaxTimestamp, source,
                           [unit = from.unit, spelling](char* to, Word value) {
                             return text::write_timestamp(to, value, unit, spelling);
                           });
    }
    default:
      return rowwise<bool, View>({.kind = Kind::text}, std::move(operand), {},
                                 [](bool value, View& result, Frame& frame) {
                                   result = keep(frame, value ? "true" : "false");
                                   return true;
                                 });
  }
}

OperationPointer cast_to_integer(OperationPointer operand, const ValueType& type, const std::string& source) {
  const Fault overflow = fault_in("integer overflow", source);
  const std::int32_t from_scale = operand->type().scale;
  switch (operand->type().kind) {
    case Kind::boolean:
      return rowwise<bool, Word>(type, std::move(operand), {}, [](bool value, Word& result, Frame&) {
        result = value ? 1 : 0;
        return true;
      });
    case Kind::real:
      return rowwise<double, Word>(type, std::move(operand), overflow,
                                   [](double value, Word& result, Frame&) { return round_to_word(value, result); });
    case Kind::decimal:
      return rowwise<Int128, Word>(type, std::move(operand), overflow,
                                   [scale = from_scale](Int128 value, Word& result, Frame&) {
                                     const Int128 whole = shorten(value, scale);
                                     result = static_cast<Word>(whole);
                                     return result == whole;
                                   });
    default:
      return rowwise<View, Word>(type, std::move(operand), fault_in("not an integer", source),
                                 [](View text, Word& result, Frame&) {
                                   return text::parse_int64(text.data(), text.data() + text.size(), result);
                                 });
  }
}

// Every integer has a nearest double, so all rows are converted at once, whatever stands in those that don't count.
class Doubles final : public Operation {
 public:
  Doubles(ValueType type, OperationPointer operand) : Operation(std::move(type)), operand_(std::move(operand)) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector value(frame.scratch);
    operand_->run(frame, live, value);
    out.all_valid = value.all_valid;
    if (!out.all_valid) out.valid = value.valid;
    const Word* from = value.values<Word>();
    double* to = out.make<double>();
    for (int i = 0; i < frame.count; ++i) to[i] = static_cast<double>(from[i]);
  }

 private:
  OperationPointer operand_;
};

OperationPointer cast_to_real(OperationPointer operand, const ValueType& type, const std::string& source) {
  const std::int32_t from_scale = operand->type().scale;
  switch (operand->type().kind) {
    case Kind::integer: return std::make_unique<Doubles>(type, std::move(operand));
    case Kind::decimal:
      // Through its text: dividing two roundings would round twice.
      return rowwise<Int128, double>(
          type, std::move(operand), {}, [scale = from_scale](Int128 value, double& result, Frame&) {
            constexpr Int128 kExact = Int128{1} << 53U;
            if (scale <= 22 && value < kExact && value > -kExact) {
              result = static_cast<double>(static_cast<Word>(value)) / static_cast<double>(power_of_ten(scale));
              return true;
            }
            char digits[text::kMaxDecimal];
            return text::parse_double(digits, text::write_decimal(digits, value, scale), result);
          });
    default:
      return rowwise<View, double>(type, std::move(operand), fault_in("not a number", source),
                                   [](View text, double& result, Frame&) {
                                     return text::parse_double(text.data(), text.data() + text.size(), result);
                                   });
  }
}

OperationPointer cast_to_decimal(OperationPointer operand, const ValueType& type, const std::string& source) {
  const Fault overflow = fault_in("decimal overflow", source);
  const std::int32_t from_scale = operand->type().scale;
  switch (operand->type().kind) {
    case Kind::integer:
      return rowwise<Word, Int128>(type, std::move(operand), overflow, [type](Word value, Int128& result, Frame&) {
        return rescale(value, 0, type, result);
      });
    case Kind::decimal:
      return rowwise<Int128, Int128>(type, std::move(operand), overflow,
                                     [type, scale = from_scale](Int128 value, Int128& result, Frame&) {
                                       return rescale(value, scale, type, result);
                                     });
    case Kind::real:
      return rowwise<double, Int128>(type, std::move(operand), overflow, [type](double value, Int128& result, Frame&) {
        return decimal_of(value, type, result);
      });
    default:
      return rowwise<View, Int128>(
          type, std::move(operand), fault_in("not a number", source), [type](View text, Int128& result, Frame&) {
            return text::parse_decimal(text.data(), text.data() + text.size(), type.precision, type.scale, result);
          });
  }
}

// From date and timestamp to each other, and to another unit, by whole numbers of units.
OperationPointer cast_time(OperationPointer operand, const ValueType& type, const std::string& source) {
  const auto units = [](const ValueType& of) {
    return of.kind == Kind::date ? 1 : kSecondsOfDay * per_second(of.unit);
  };
  const Word from = units(operand->type()), to = units(type);
  const Fault overflow = fault_in("timestamp out of range", source);
  if (type.kind == Kind::time && operand->type().kind == Kind::timestamp) {
    return rowwise<Word, Word>(type, std::move(operand), overflow, [from](Word value, Word& result, Frame&) {
      result = value - floor_divide(value, from) * from;
      return true;
    });
  }
  return rowwise<Word, Word>(type, std::move(operand), overflow, [from, to](Word value, Word& result, Frame&) {
    if (to >= from) return !__builtin_mul_overflow(value, to / from, &result);
    result = floor_divide(value, from / to);
    return true;
  });
}

OperationPointer cast_text_to_time(OperationPointer operand, const ValueType& type, const std::string& source) {
  if (type.kind == Kind::date) {
    return rowwise<View, Word>(type, std::move(operand), fault_in("not a date", source),
                               [](View text, Word& result, Frame&) {
                                 std::int32_t days = 0;
                                 const bool fine = text::parse_date(text.data(), text.data() + text.size(), days);
                                 result = days;
                                 return fine;
                               });
  }
  if (type.kind == Kind::time) {
    return rowwise<View, Word>(type, std::move(operand), fault_in("not a time", source),
                               [type](View text, Word& result, Frame&) {
                                 return text::parse_time(text.data(), text.data() + text.size(), type.unit, result);
                               });
  }
  return rowwise<View, Word>(type, std::move(operand), fault_in("not a timestamp", source),
                             [type](View text, Word& result, Frame&) { return read_timestamp(text, type, result); });
}

// A cast whose failures become nulls.
class TryCast final : public Operation {
 public:
  TryCast(const Shared& operand, OperationPointer cast)
      : Operation(cast->type()), operand_(operand.use()), cast_(std::move(cast)) {}
  void run(Frame& frame, const Bits& live, Vector& out) const override {
    // The operand's own failures stay what they are.
    Vector value(frame.scratch);
    operand_->run(frame, live, value);
    const Bits rows = live - frame.failed();
    const Bits failed = frame.trapped([&] { cast_->run(frame, rows, out); });
    if (any(live - rows) || any(failed)) out.set_valid(out.valid_of(rows) - failed);
    if (type().kind == Kind::boolean) out.truth = out.truth & out.valid_of(rows);
  }

 private:
  OperationPointer operand_, cast_;  // one Shared below both
};

// A null of another type.
class Nulls final : public Operation {
 public:
  using Operation::Operation;
  void run(Frame&, const Bits&, Vector& out) const override {
    out.truth = no_bits();
    out.set_valid(no_bits());
    if (type().kind != Kind::boolean) std::memset(out.make<Int128>(), 0, sizeof(Block));
  }
};

bool can_cast(const ValueType& from, const ValueType& to) {
  const Kind a = from.kind, b = to.kind;
  if (a == Kind::null || from == to) return true;
  if (a == Kind::other || b == Kind::other || b == Kind::null) return false;
  if (is_number(a)) return is_number(b) || b == Kind::text;
  if (a == Kind::boolean) return b == Kind::boolean || b == Kind::integer || b == Kind::text;
  if (a == Kind::text) return b != Kind::duration;
  if (a == Kind::duration) return b == Kind::duration;
  if (b == Kind::text) return true;
  if (a == Kind::date) return b == Kind::date || b == Kind::timestamp;
  if (a == Kind::time) return b == Kind::time;
  return b == Kind::date || b == Kind::timestamp || b == Kind::time;
}

}  // namespace

std::optional<RefusedCast> refused_cast(const ValueType& from, const ValueType& to) {
  if (!can_cast(from, to)) return RefusedCast{};
  const bool known = !from.zoned || is_utc(from) || Zone::named(from.zone);
  if (from.kind == Kind::timestamp && !known && to.kind != Kind::text && !to.zoned)
    return RefusedCast{": this machine does not know the zone", "install tzdata"};
  if (is_day_like(from.kind) && !from.zoned && to.zoned) {
    return RefusedCast{": what zone its clock showed is not known",
                       "name it in the manifest, times: { naive: Europe/Rome }, or write at time zone 'Europe/Rome'"};
  }
  return std::nullopt;
}

OperationPointer cast_operation(OperationPointer operand, const ValueType& type, const std::string& source) {
  const ValueType& from = operand->type();
  if (from == type || (from.kind == type.kind && (type.kind == Kind::integer || type.kind == Kind::date)))
    return operand;
  if (from.kind == Kind::null) return std::make_unique<Nulls>(type);
  const bool leaves_zone = from.zoned && !type.zoned && type.kind != Kind::text;
  if (leaves_zone && !is_utc(from)) {
    const Zone zone = *Zone::named(from.zone);
    return cast_operation(clock_operation(std::move(operand), zone, source), type, source);
  }
  switch (type.kind) {
    case Kind::text: return cast_to_text(std::move(operand), source);
    case Kind::integer: return cast_to_integer(std::move(operand), type, source);
    case Kind::real: return cast_to_real(std::move(operand), type, source);
    case Kind::decimal: return cast_to_decimal(std::move(operand), type, source);
    case Kind::boolean:
      return rowwise<View, bool>(type, std::move(operand), fault_in("not true or false", source),
                                 [](View text, bool& result, Frame&) { return read_boolean(text, result); });
    default: break;
  }
  if (from.kind == Kind::text) return cast_text_to_time(std::move(operand), type, source);
  return cast_time(std::move(operand), type, source);
}

OperationPointer try_cast_operation(OperationPointer operand, const ValueType& type) {
  const Shared shared(std::move(operand));
  return std::make_unique<TryCast>(shared, cast_operation(shared.use(), type, {}));
}

bool read_constant(std::string_view text, const ValueType& type, Constant& value) {
  const char *begin = text.data(), *end = text.data() + text.size();
  switch (type.kind) {
    case Kind::integer: return text::parse_int64(begin, end, value.word);
    case Kind::real: return text::parse_double(begin, end, value.real);
    case Kind::decimal: return text::parse_decimal(begin, end, type.precision, type.scale, value.decimal);
    case Kind::boolean: return read_boolean(text, value.boolean);
    case Kind::time: return text::parse_time(begin, end, type.unit, value.word);
    case Kind::timestamp: return read_timestamp(text, type, value.word);
    case Kind::date: {
      std::int32_t days = 0;
      const bool fine = text::parse_date(begin, end, days);
      value.word = days;
      return fine;
    }
    default: return false;
  }
}

}  // namespace weir::expr
