// What is known of a type.
#include "column_type.hpp"

namespace weir::validate {

Layout ColumnType::layout() const {
  switch (info().type) {
    case Type::int8:
    case Type::uint8:
    case Type::int16:
    case Type::uint16:
    case Type::int32:
    case Type::uint32:
    case Type::int64:
    case Type::date32:
    case Type::date64:
    case Type::time32:
    case Type::time64:
    case Type::timestamp: return Layout::word;
    case Type::uint64:
    case Type::decimal128: return Layout::wide;
    case Type::float32:
    case Type::float64: return Layout::real;
    case Type::utf8:
    case Type::large_utf8:
    case Type::utf8_view: return Layout::text;
    case Type::boolean: return Layout::boolean;
    default: return Layout::none;
  }
}

ColumnType column_type_of(const ArrowSchema& field) {
  return {field.format == nullptr ? "" : field.format, type_name(field)};
}

std::int64_t per_second(Unit unit) {
  return unit == Unit::second ? 1 : unit == Unit::milli ? 1'000 : unit == Unit::micro ? 1'000'000 : 1'000'000'000;
}

}  // namespace weir::validate
