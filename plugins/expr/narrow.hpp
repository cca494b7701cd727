// Narrowing: from the types in which expressions compute (int64, decimal, double) to the smaller ones that a column can have.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <weir/arrow.hpp>

namespace weir::expr {

// True if narrowed() knows `format`: int8 to int32, uint8 to uint64, float.
bool is_narrow_format(std::string_view format);

// `wide`, a column as it is computed for such a type (value_type_of), as a column of `format`. Appends to `lost` the rows
// whose value does not fit; what they hold is any value.
Array narrowed(const Array& wide, std::string_view format, std::vector<std::int64_t>& lost);

}  // namespace weir::expr
