// Dates and timestamps as clocks show them: what the functions over them share.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "calendar.hpp"
#include "operation.hpp"
#include "zone.hpp"

namespace weir::expr {

inline bool is_day_like(Kind kind) { return kind == Kind::date || kind == Kind::timestamp; }

// What a value shows on a clock: whole seconds since 1970 there, and the units that are left.
struct Shown {
  std::int64_t seconds = 0, rest = 0;
};

// The clock of a type: of its zone, if it has one. Threads: one caller at a time.
class Clock {
 public:
  // Nothing if the zone is not known on this machine.
  static std::optional<Clock> of(const ValueType& type);

  Shown at(std::int64_t value) const {
    if (date_) return {value * kSecondsOfDay, 0};
    const std::int64_t seconds = floor_divide(value, units_);
    // The last second before the first that there is begins out of range: what is left of it does not.
    const auto begin = static_cast<std::uint64_t>(seconds) * static_cast<std::uint64_t>(units_);
    const auto rest = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - begin);
    return {zone_ ? zone_->clock_at(seconds) : seconds, rest};
  }
  // The value that shows that; false if it is out of range. Of a date: its day.
  bool value_of(const Shown& shown, std::int64_t& value) const {
    if (date_) {
      value = floor_divide(shown.seconds, kSecondsOfDay);
      return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
    }
    const std::int64_t seconds = zone_ ? zone_->instant_of(shown.seconds) : shown.seconds;
    return !__builtin_mul_overflow(seconds, units_, &value) && !__builtin_add_overflow(value, shown.rest, &value);
  }
  // The same; where clocks are put back over it, the one with the offset of the value `before`, if that shows it.
  bool value_like(std::int64_t before, const Shown& shown, std::int64_t& value) const {
    if (!zone_) return value_of(shown, value);
    const std::int64_t offset = at(before).seconds - floor_divide(before, units_);
    std::int64_t seconds = 0;
    if (__builtin_sub_overflow(shown.seconds, offset, &seconds)) return false;
    if (zone_->clock_at(seconds) != shown.seconds) return value_of(shown, value);
    return !__builtin_mul_overflow(seconds, units_, &value) && !__builtin_add_overflow(value, shown.rest, &value);
  }
  std::int64_t micros(const Shown& shown) const {
    return units_ > 1'000'000 ? shown.rest / 1'000 : shown.rest * (1'000'000 / units_);
  }
  std::int64_t units() const { return units_; }

 private:
  explicit Clock(const ValueType& type) : date_(type.kind == Kind::date), units_(date_ ? 1 : per_second(type.unit)) {}

  bool date_;
  std::int64_t units_;  // of a second
  std::optional<Zone> zone_;
};

inline constexpr std::string_view kOutOfRange = "timestamp out of range";

// A date or timestamp without zone, as what a clock in `zone` shows, named `name`: an instant.
OperationPointer instant_operation(OperationPointer moment, const Zone& zone, std::string name,
                                   const std::string& source);
// An instant as what a clock in `zone` shows: a timestamp without zone.
OperationPointer clock_operation(OperationPointer instant, const Zone& zone, const std::string& source);

// `moment` moved by `amount` (of integers) times `sign` of `part`. Months end where their month does, days and months count
// on the clock of the type's zone, hours and less on the line of time. A date stays one if days or more are added.
// Precondition: the type's zone is known.
OperationPointer shifted_operation(OperationPointer moment, OperationPointer amount, DatePart part, int sign,
                                   const std::string& source);

}  // namespace weir::expr
