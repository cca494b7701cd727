// Arguments that are dates or timestamps.
#pragma once

#include <array>
#include <string_view>

#include "call.hpp"
#include "moment.hpp"

namespace weir::expr {

enum class Moment { any, timestamp };

// The clock of argument i, which is not null: a mistake if it is no moment of that kind, or of a zone that is not known.
Clock moment_clock(const Call& call, std::size_t i, Moment wanted);

inline constexpr std::array<std::string_view, 7> kDayNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                              "Friday", "Saturday", "Sunday"};
inline constexpr std::array<std::string_view, 12> kMonthNames = {"January",   "February", "March",    "April",
                                                                 "May",       "June",     "July",     "August",
                                                                 "September", "October",  "November", "December"};

}  // namespace weir::expr
