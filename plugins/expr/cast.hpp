// Casts: from every type to every type that makes sense. What a value can't become rejects its row.
//
//   to an integer   from decimal, double: rounded, half away from zero; from text: digits with an optional minus
//   to decimal      rounded to the scale; from text as JSON writes numbers, without exponent, no digit lost
//   to double       from decimal, integer: the nearest double; from text as JSON writes numbers
//   to text         as the csv writer has it: ISO dates, the fewest digits that read back as the same double
//   to boolean      from text: true or false in any case of letters
//   to date         from text: 2024-01-31; from timestamp: its day, an instant's on the clock of its zone
//   to timestamp    from text: 2024-01-31 12:00:00.5, with a T instead of the blank too, with an offset if and only if the
//                   type has a zone; from date: its midnight; to another unit: cut off downwards; from an instant to one
//                   without zone: what a clock of its zone shows
//   to time         from text: 12:00:00.5; from timestamp: its time of day
#pragma once

#include <optional>
#include <string>

#include "operation.hpp"

namespace weir::expr {

// Why there is no cast: what comes after "can't cast … to …", and the cure; both may be empty.
struct RefusedCast {
  std::string why, hint;
};

// Nothing if values of `from` can be cast to `to`.
std::optional<RefusedCast> refused_cast(const ValueType& from, const ValueType& to);

// `operand` as `type`; the operand itself if it has that type. Precondition: no refused_cast(). `source` is its text, for rejects.
OperationPointer cast_operation(OperationPointer operand, const ValueType& type, const std::string& source);

// The same, but that a value which can't become one is null. Precondition: no refused_cast().
OperationPointer try_cast_operation(OperationPointer operand, const ValueType& type);

// Reads a text as a value of `type`; false if it is none. Types: integer, decimal, real, boolean, date, timestamp, time.
bool read_constant(std::string_view text, const ValueType& type, Constant& value);

}  // namespace weir::expr
