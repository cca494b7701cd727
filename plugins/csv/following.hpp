// Rows written behind those of a file that is there: whether they fit, and what must stand in between.
#pragma once

#include <string>
#include <string_view>

#include <weir/weir.hpp>

namespace weir::csv {

// For weir.append/1; both as append.hpp says.
struct Following {
  static void fits(const Context& context, const ArrowSchema& input, std::string_view head);
  static std::string between(const Context& context, std::string_view tail);
};

}  // namespace weir::csv
