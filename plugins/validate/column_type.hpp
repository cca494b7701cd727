// The types of columns, and how they are read as values of four layouts.
#pragma once

#include <string>

#include <weir/arrow.hpp>

namespace weir::validate {

// In which layout values of a type are compared.
enum class Layout { word, wide, real, text, boolean, none };

// A type, by its format text.
struct ColumnType {
  std::string format;
  std::string name;             // as people write it
  std::string naive_zone = {};  // whose clocks texts without a zone show, where the type has one; empty: not known

  TypeInfo info() const { return type_of(format.c_str()); }
  Layout layout() const;
};

ColumnType column_type_of(const ArrowSchema& field);

// Units of one second, for time and timestamp.
std::int64_t per_second(Unit unit);

}  // namespace weir::validate
