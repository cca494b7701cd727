// Layouts by the tables of Arrow's columnar format and C data interface.
#include "arrow/layout.hpp"

#include <bit>

namespace weir::arrow {
namespace {

Layout made(Form form, std::int64_t buffers, std::int64_t width = 0, std::int64_t children = 0, bool utf8 = false) {
  return {form, width, buffers, children, utf8, {}};
}

Layout layout_of_type(const weir::TypeInfo& type) {
  switch (type.type) {
    case Type::unknown: return {};
    case Type::null: return made(Form::null, 0);
    case Type::boolean: return made(Form::bits, 2);
    case Type::utf8: return made(Form::text32, 3, 0, 0, true);
    case Type::binary: return made(Form::text32, 3);
    case Type::large_utf8: return made(Form::text64, 3, 0, 0, true);
    case Type::large_binary: return made(Form::text64, 3);
    case Type::utf8_view: return made(Form::view, 3, 0, 0, true);
    case Type::binary_view: return made(Form::view, 3);
    case Type::list:
    case Type::map: return made(Form::list32, 2, 0, 1);
    case Type::large_list: return made(Form::list64, 2, 0, 1);
    case Type::fixed_list: return made(Form::fixed_list, 1, type.width, 1);
    case Type::structure: return made(Form::structure, 1, 0, -1);
    default: return made(Form::fixed, 2, weir::value_width(type));
  }
}

}  // namespace

Layout layout_of(const ArrowSchema& field) {
  const weir::TypeInfo type = weir::type_of(field);
  Layout layout = layout_of_type(type);
  layout.type = type;
  return layout;
}

std::int64_t count_clear_bits(const std::uint8_t* bits, std::int64_t begin, std::int64_t count) {
  std::int64_t set = 0, at = begin;
  const std::int64_t end = begin + count;
  for (; at < end && (at & 7) != 0; ++at) set += bit_at(bits, at) ? 1 : 0;
  for (; at + 64 <= end; at += 64) set += std::popcount(load<std::uint64_t>(bits + (at >> 3), 0));
  for (; at < end; ++at) set += bit_at(bits, at) ? 1 : 0;
  return count - set;
}

}  // namespace weir::arrow
