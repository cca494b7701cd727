#include "filled.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace weir::fill {
namespace {

bool has_null(const Validity& validity, std::int64_t rows) {
  if (validity.all()) return false;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (!validity.valid(row)) return true;
  }
  return false;
}

template <std::size_t kWidth>
void put_value(const Validity& validity, std::int64_t rows, std::string_view value, std::uint8_t* to) {
  for (std::int64_t row = 0; row < rows; ++row, to += kWidth) {
    if (!validity.valid(row)) std::memcpy(to, value.data(), kWidth);
  }
}

Array filled_fixed(const Filling& filling, const ArrowArray& column, std::int64_t outer, std::int64_t rows) {
  const Validity validity(column, outer);
  if (!has_null(validity, rows)) return {};
  const std::size_t width = filling.value.size();
  std::vector<Buffer> buffers(2);
  const char* values =
      static_cast<const char*>(column.buffers[1]) + width * static_cast<std::size_t>(column.offset + outer);
  buffers[1].append(values, width * static_cast<std::size_t>(rows));
  std::uint8_t* to = buffers[1].data();
  switch (width) {
    case 1: put_value<1>(validity, rows, filling.value, to); break;
    case 2: put_value<2>(validity, rows, filling.value, to); break;
    case 4: put_value<4>(validity, rows, filling.value, to); break;
    case 8: put_value<8>(validity, rows, filling.value, to); break;
    case 16: put_value<16>(validity, rows, filling.value, to); break;
    default: put_value<32>(validity, rows, filling.value, to);
  }
  return make_array(rows, 0, std::move(buffers));
}

Array filled_booleans(const Filling& filling, const ArrowArray& column, std::int64_t outer, std::int64_t rows) {
  const BooleanColumn values(column, outer);
  if (!has_null(values.validity(), rows)) return {};
  const bool value = filling.value[0] != '\0';
  BooleanBuilder builder;
  for (std::int64_t row = 0; row < rows; ++row) builder.append(values.valid(row) ? values[row] : value);
  return builder.finish();
}

template <class Column, class Builder>
Array filled_texts(const Filling& filling, const ArrowArray& column, std::int64_t outer, std::int64_t rows) {
  const Column values(column, outer);
  const auto keeps = [&](std::int64_t row) { return values.valid(row) && !(filling.empties && values[row].empty()); };
  std::int64_t first = 0;
  if (values.validity().all() && !filling.empties) return {};
  while (first < rows && keeps(first)) ++first;
  if (first == rows) return {};
  Builder builder;
  for (std::int64_t row = 0; row < rows; ++row) builder.append(keeps(row) ? values[row] : filling.value);
  return builder.finish();
}

}  // namespace

Array filled(const Filling& filling, const ArrowArray& column, std::int64_t outer, std::int64_t rows) {
  switch (filling.type.type) {
    case Type::boolean: return filled_booleans(filling, column, outer, rows);
    case Type::utf8: return filled_texts<TextColumn, TextBuilder>(filling, column, outer, rows);
    case Type::large_utf8: return filled_texts<LargeTextColumn, LargeTextBuilder>(filling, column, outer, rows);
    case Type::utf8_view: return filled_texts<ViewColumn, ViewBuilder>(filling, column, outer, rows);
    default: return filled_fixed(filling, column, outer, rows);
  }
}

}  // namespace weir::fill
