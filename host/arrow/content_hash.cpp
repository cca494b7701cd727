// A hash of what the buffers of rows hold, walked as the layout of their types says.
#include "arrow/content_hash.hpp"

#include <algorithm>

#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

// What lies between two offsets, of `limit` bytes or items: those within may be anything.
Window between(std::int64_t first, std::int64_t last, std::int64_t limit) {
  const std::int64_t begin = std::clamp<std::int64_t>(first, 0, limit);
  return {begin, std::clamp<std::int64_t>(last, begin, limit) - begin};
}

class Hash {
 public:
  std::uint64_t value() const { return value_; }

  void add(const ArrowArray& array, const ArrowSchema& schema, Window rows) {
    const Layout layout = layout_of(schema);
    if (layout.buffers > 0 && array.buffers[0] != nullptr) add_bits(array.buffers[0], rows);
    add_values(array, schema, layout, rows);
    if (schema.dictionary != nullptr)
      add(*array.dictionary, *schema.dictionary, {array.dictionary->offset, array.dictionary->length});
  }

 private:
  void add_values(const ArrowArray& array, const ArrowSchema& schema, const Layout& layout, Window rows) {
    switch (layout.form) {
      case Form::bits: return add_bits(array.buffers[1], rows);
      case Form::fixed: return add_bytes(array.buffers[1], rows.begin * layout.width, rows.count * layout.width);
      case Form::text32: return add_text<std::int32_t>(array, rows);
      case Form::text64: return add_text<std::int64_t>(array, rows);
      case Form::view: return add_views(array, rows);
      case Form::list32:
        return add_items(array, schema, add_offsets<std::int32_t>(array, rows, array.children[0]->length));
      case Form::list64:
        return add_items(array, schema, add_offsets<std::int64_t>(array, rows, array.children[0]->length));
      case Form::fixed_list: return add_items(array, schema, {rows.begin * layout.width, rows.count * layout.width});
      case Form::structure:
        for (std::int64_t i = 0; i < array.n_children; ++i)
          add(*array.children[i], *schema.children[i], {array.children[i]->offset + rows.begin, rows.count});
        return;
      default: return;
    }
  }

  template <class Offset>
  Window add_offsets(const ArrowArray& array, Window rows, std::int64_t limit) {
    if (rows.count == 0) return {};
    constexpr auto kWidth = static_cast<std::int64_t>(sizeof(Offset));
    add_bytes(array.buffers[1], rows.begin * kWidth, (rows.count + 1) * kWidth);
    const std::int64_t first = load<Offset>(array.buffers[1], rows.begin),
                       last = load<Offset>(array.buffers[1], rows.begin + rows.count);
    return between(first, last, limit);
  }
  template <class Offset>
  void add_text(const ArrowArray& array, Window rows) {
    if (rows.count == 0) return;
    const std::int64_t end = load<Offset>(array.buffers[1], array.offset + array.length);
    const Window items = add_offsets<Offset>(array, rows, end);
    add_bytes(array.buffers[2], items.begin, items.count);
  }
  void add_items(const ArrowArray& array, const ArrowSchema& schema, Window items) {
    items.begin += array.children[0]->offset;
    add(*array.children[0], *schema.children[0], items);
  }
  void add_views(const ArrowArray& array, Window rows) {
    constexpr std::int64_t kView = 16;
    add_bytes(array.buffers[1], rows.begin * kView, rows.count * kView);
    for (std::int64_t i = 0; i < array.n_buffers - 3; ++i)
      add_bytes(array.buffers[2 + i], 0, load<std::int64_t>(array.buffers[array.n_buffers - 1], i));
  }
  void add_bits(const void* bits, Window rows) {
    const std::int64_t first = rows.begin / 8;
    add_bytes(bits, first, (rows.begin + rows.count + 7) / 8 - first);
  }
  void add_bytes(const void* buffer, std::int64_t from, std::int64_t count) {
    if (count <= 0) return;
    const auto* const bytes = static_cast<const std::uint8_t*>(buffer) + from;
    std::int64_t i = 0;
    for (; i + 8 <= count; i += 8) add_word(load<std::uint64_t>(bytes + i, 0));
    for (; i < count; ++i) add_word(bytes[i]);
  }
  void add_word(std::uint64_t word) {
    value_ = (value_ ^ word) * 0x9E3779B97F4A7C15U;
    value_ ^= value_ >> 32U;
  }

  std::uint64_t value_ = 0x243F6A8885A308D3U;
};

}  // namespace

std::uint64_t content_hash(const ArrowArray& rows, const ArrowSchema& schema) {
  Hash hash;
  hash.add(rows, schema, {rows.offset, rows.length});
  return hash.value();
}

}  // namespace weir::arrow
