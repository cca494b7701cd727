// The types that rules can name, and how columns are read as values of four layouts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <weir/arrow.hpp>

namespace weir::validate {

// In which layout values of a type are compared.
enum class Layout { word, wide, real, text, boolean, none };

// A type, by its format text.
struct ColumnType {
  std::string format;
  std::string name;  // as people write it

  TypeInfo info() const { return type_of(format.c_str()); }
  Layout layout() const;
};

ColumnType column_type_of(const ArrowSchema& field);

// The type that a rule names: "int64", "decimal(10,2)", "timestamp(us, UTC)". `zone`, `unit` absent: `open` is set, and a
// timestamp or time of any unit is fine as it is.
struct NamedType {
  ColumnType type;
  bool open = false;
};
std::optional<NamedType> type_named(std::string_view text);

// What a rule can name, for hints.
std::string_view type_examples();

// Units of one second, for time and timestamp.
std::int64_t per_second(Unit unit);

// The value of a row as text, for messages; cut to a sane length. "null" where it is.
std::string text_of_value(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, std::int64_t row);

}  // namespace weir::validate
