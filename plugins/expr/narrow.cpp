// Values into smaller types.
#include "narrow.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace weir::expr {
namespace {

template <class To, class From>
bool fits_in(From value) {
  if constexpr (std::is_same_v<From, double>) {
    return !std::isfinite(value) || std::fabs(value) <= static_cast<double>(std::numeric_limits<To>::max());
  } else {
    return value >= static_cast<From>(std::numeric_limits<To>::min()) &&
           value <= static_cast<From>(std::numeric_limits<To>::max());
  }
}

template <class To, class From>
Array narrow(const Array& wide, std::vector<std::int64_t>& lost) {
  const Validity validity(wide.get());
  const char* from = static_cast<const char*>(wide->buffers[1]);
  const auto rows = static_cast<std::size_t>(wide->length);
  std::vector<Buffer> buffers(2);
  if (!validity.all()) buffers[0].append(validity.bits(), (rows + 7) / 8);
  buffers[1].resize(sizeof(To) * rows);
  To* to = buffers[1].as<To>();
  for (std::size_t row = 0; row < rows; ++row) {
    From value{};
    std::memcpy(&value, from + sizeof(From) * row, sizeof value);
    const bool fine = fits_in<To>(value);
    to[row] = fine ? static_cast<To>(value) : To{};
    // Rows that are null hold any value.
    if (!fine && validity.valid(static_cast<std::int64_t>(row))) lost.push_back(static_cast<std::int64_t>(row));
  }
  return make_array(wide->length, wide->null_count, std::move(buffers));
}

}  // namespace

bool is_narrow_format(std::string_view format) {
  return format.size() == 1 && std::string_view("cCsSiILf").find(format[0]) != std::string_view::npos;
}

Array narrowed(const Array& wide, std::string_view format, std::vector<std::int64_t>& lost) {
  switch (format[0]) {
    case 'c': return narrow<std::int8_t, std::int64_t>(wide, lost);
    case 'C': return narrow<std::uint8_t, std::int64_t>(wide, lost);
    case 's': return narrow<std::int16_t, std::int64_t>(wide, lost);
    case 'S': return narrow<std::uint16_t, std::int64_t>(wide, lost);
    case 'i': return narrow<std::int32_t, std::int64_t>(wide, lost);
    case 'I': return narrow<std::uint32_t, std::int64_t>(wide, lost);
    case 'L': return narrow<std::uint64_t, Int128>(wide, lost);
    default: return narrow<float, double>(wide, lost);
  }
}

}  // namespace weir::expr
