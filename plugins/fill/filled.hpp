// A column without its nulls.
#pragma once

#include <string_view>

#include <weir/arrow.hpp>

namespace weir::fill {

// What stands in for nulls. Borrows `value`, which is as default_value() gives it.
struct Filling {
  TypeInfo type;
  std::string_view value;
  bool empties = false;  // an empty text is filled too
};

// The `rows` rows of `column`, filled; nothing if there is none to fill. `outer` as with the views.
Array filled(const Filling& filling, const ArrowArray& column, std::int64_t outer, std::int64_t rows);

}  // namespace weir::fill
