// Zone: what clocks show somewhere, by the rules of IANA's zones, which cctz reads from the machine's tzdata.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weir::expr {

// Threads: one caller at a time; copies are of their own. Times count in seconds since 1970: of an instant in UTC, of a clock
// as if it were UTC's.
class Zone {
 public:
  // The zone of that name: "Europe/Rome", "UTC", "+02:00"; nothing if there is none.
  static std::optional<Zone> named(std::string_view name);

  // What a clock there shows at the instant.
  std::int64_t clock_at(std::int64_t instant) const { return instant + offset_at(instant); }
  // The instant at which a clock there shows that: the first of two, where clocks were put back; where they were put forward
  // over it, as if they had not been.
  std::int64_t instant_of(std::int64_t clock) const;

 private:
  struct Rules;
  explicit Zone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}
  std::int64_t offset_at(std::int64_t instant) const {
    if (instant < from_ || instant >= until_) look_up(instant);
    return offset_;
  }
  void look_up(std::int64_t instant) const;

  std::shared_ptr<const Rules> rules_;
  // The offset that was last looked up, and the instants that it holds for.
  mutable std::int64_t from_ = 1, until_ = 0, offset_ = 0;
};

}  // namespace weir::expr
