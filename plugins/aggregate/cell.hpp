// Columns of cells: of values as they lie in keys.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

#include <weir/cpp/key_bytes.hpp>
#include <weir/cpp/view_builder.hpp>
#include <weir/weir.hpp>

namespace weir::aggregate {

// A column of cells, as an array of the field's type. `cell(i)`: the bytes of row i, or none for a null.
template <class CellOf>
Array column_of_cells(const ArrowSchema& field, std::size_t rows, const CellOf& cell);

namespace detail {

template <class T, class Wide, class CellOf>
Array number_column(std::size_t rows, const CellOf& cell) {
  NumberBuilder<T> builder;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::optional<std::string_view> bytes = cell(i);
    if (!bytes) {
      builder.append_null();
      continue;
    }
    Wide wide{};
    std::memcpy(&wide, bytes->data(), sizeof wide);
    if constexpr (std::is_same_v<T, Half>) {
      builder.append(to_half(static_cast<float>(wide)));
    } else {
      builder.append(static_cast<T>(wide));
    }
  }
  return builder.finish();
}

template <class Builder, class CellOf>
Array text_column(Builder builder, std::size_t rows, const CellOf& cell) {
  for (std::size_t i = 0; i < rows; ++i) {
    const std::optional<std::string_view> bytes = cell(i);
    if (bytes) {
      builder.append(*bytes);
    } else {
      builder.append_null();
    }
  }
  return builder.finish();
}

template <class CellOf>
Array boolean_column(std::size_t rows, const CellOf& cell) {
  BooleanBuilder builder;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::optional<std::string_view> bytes = cell(i);
    if (bytes) {
      builder.append((*bytes)[0] != 0);
    } else {
      builder.append_null();
    }
  }
  return builder.finish();
}

}  // namespace detail

template <class CellOf>
Array column_of_cells(const ArrowSchema& field, std::size_t rows, const CellOf& cell) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::null: return make_array(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(rows), {});
    case Type::boolean: return detail::boolean_column(rows, cell);
    case Type::int8: return detail::number_column<std::int8_t, std::int64_t>(rows, cell);
    case Type::uint8: return detail::number_column<std::uint8_t, std::int64_t>(rows, cell);
    case Type::int16: return detail::number_column<std::int16_t, std::int64_t>(rows, cell);
    case Type::uint16: return detail::number_column<std::uint16_t, std::int64_t>(rows, cell);
    case Type::uint32: return detail::number_column<std::uint32_t, std::int64_t>(rows, cell);
    case Type::int32:
    case Type::date32:
    case Type::time32: return detail::number_column<std::int32_t, std::int64_t>(rows, cell);
    case Type::uint64: return detail::number_column<std::uint64_t, std::uint64_t>(rows, cell);
    case Type::float16: return detail::number_column<Half, double>(rows, cell);
    case Type::float32: return detail::number_column<float, double>(rows, cell);
    case Type::float64: return detail::number_column<double, double>(rows, cell);
    case Type::decimal128: return detail::number_column<Int128, Int128>(rows, cell);
    case Type::utf8:
    case Type::binary: return detail::text_column(TextBuilder(), rows, cell);
    case Type::large_utf8:
    case Type::large_binary: return detail::text_column(LargeTextBuilder(), rows, cell);
    case Type::utf8_view:
    case Type::binary_view: return detail::text_column(ViewBuilder(), rows, cell);
    case Type::fixed_binary: return detail::text_column(FixedBinaryBuilder(info.width), rows, cell);
    default: return detail::number_column<std::int64_t, std::int64_t>(rows, cell);
  }
}

}  // namespace weir::aggregate
