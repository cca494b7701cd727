// Arrow arrays as a hostile plugin makes them: the structs are sound C, what they tell may be a lie. The one lie that is not
// told is the one that nobody can see, for buffers carry no size: each buffer is as long as its own array claims (by length and
// offset, the last offset of text, the sizes of views' data), to the byte, so that a sanitizer sees what is read behind it.
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "arrow/layout.hpp"
#include "bytes.hpp"

namespace weir::fuzz {

// Makes arrays for a schema that passed check_schema(). The memory of an array ends with the last of it that is released.
class HostileArray {
 public:
  // `rows`: its length, if that is told honestly.
  static ArrowArray make(Bytes& bytes, const ArrowSchema& schema, std::int64_t rows) {
    const auto memory = std::make_shared<Memory>();
    Node& root = HostileArray(bytes, *memory).node(schema, rows);
    own(root, memory);
    return root.array;
  }

 private:
  struct Memory;
  struct Node {
    ArrowArray array{};
    std::vector<const void*> buffers;
    std::vector<ArrowArray*> children;
    std::vector<Node*> owned;
    std::shared_ptr<Memory> memory;
  };
  struct Memory {
    std::deque<Node> nodes;
    std::vector<std::unique_ptr<std::uint8_t[]>> blocks;
  };

  static constexpr std::int64_t kMostRows = 300;    // of an array that has buffers
  static constexpr std::int64_t kMostBytes = 4096;  // of a text's data, or a view's
  static constexpr std::int64_t kImpossible = std::int64_t{1} << 48;

  HostileArray(Bytes& bytes, Memory& memory) : bytes_(bytes), memory_(memory) {}

  // A number that memory can be made for, or one that has to be refused before any is looked at.
  static std::int64_t seeable(std::int64_t told, std::int64_t most) {
    return told > most && told <= kImpossible ? most : told;
  }
  static void own(Node& node, const std::shared_ptr<Memory>& memory) {
    if (node.array.release == nullptr) return;  // nobody will release what is below it
    node.memory = memory;
    for (Node* child : node.owned) own(*child, memory);
  }
  static void release(ArrowArray* array) {
    auto& node = *static_cast<Node*>(array->private_data);
    array->release = nullptr;
    for (Node* child : node.owned) {
      if (child->array.release != nullptr) child->array.release(&child->array);
    }
    const std::shared_ptr<Memory> last = std::move(node.memory);
  }

  Node& node(const ArrowSchema& schema, std::int64_t rows) {
    Node& node = memory_.nodes.emplace_back();
    const arrow::Layout layout = arrow::layout_of(schema);
    ArrowArray& array = node.array;
    array.release = bytes_.lies() ? nullptr : release;
    array.private_data = &node;
    tell_length(array, layout, rows);
    const bool possible =
        array.length >= 0 && array.length <= kImpossible && array.offset >= 0 && array.offset <= kImpossible;
    const std::int64_t total = possible ? array.offset + array.length : 0;
    if (layout.buffers > 0) node.buffers.push_back(has_validity_ ? some_bytes((total + 7) / 8) : nullptr);
    tell_nulls(node, layout, possible);
    const std::int64_t items = fill(node, layout, total);
    tell_buffers(node, layout);
    add_children(node, schema, items);
    return node;
  }

  void tell_length(ArrowArray& array, const arrow::Layout& layout, std::int64_t rows) {
    using arrow::Form;
    array.offset = bytes_.told((bytes_.byte() & 7U) == 7U ? 3 : 0);
    array.length = bytes_.told(rows);
    has_validity_ = layout.buffers > 0 && bytes_.byte() >= 160;
    // Without any buffer an array holds as much as it says.
    const bool bare = layout.form == Form::null || layout.form == Form::structure || layout.form == Form::fixed_list;
    if (bare && !has_validity_) return;
    const std::int64_t most = layout.form == Form::fixed && layout.width > 64 ? 0 : kMostRows;
    array.offset = seeable(array.offset, most);
    array.length = seeable(array.length, most);
  }

  void tell_nulls(Node& node, const arrow::Layout& layout, bool possible) {
    std::int64_t honest = layout.form == arrow::Form::null ? node.array.length : 0;
    if (has_validity_ && possible) {
      const auto* bits = static_cast<const std::uint8_t*>(node.buffers[0]);
      honest = bytes_.byte() < 64 ? -1 : arrow::count_clear_bits(bits, node.array.offset, node.array.length);
    }
    node.array.null_count = bytes_.told(honest);
  }

  // Makes the buffers of values. Gives how many rows the children have to have.
  std::int64_t fill(Node& node, const arrow::Layout& layout, std::int64_t total) {
    using arrow::Form;
    switch (layout.form) {
      case Form::bits: node.buffers.push_back(some_bytes((total + 7) / 8)); return 0;
      case Form::fixed: node.buffers.push_back(some_bytes(total * layout.width)); return 0;
      case Form::text32: return fill_text<std::int32_t>(node, total);
      case Form::text64: return fill_text<std::int64_t>(node, total);
      case Form::list32: return offsets<std::int32_t>(node, total, kMostRows);
      case Form::list64: return offsets<std::int64_t>(node, total, kMostRows);
      case Form::view: return fill_views(node, total);
      case Form::fixed_list: return total > kImpossible / layout.width ? 0 : total * layout.width;
      default: return total;
    }
  }

  // Gives the last offset that counts, 0 at least.
  template <class Offset>
  std::int64_t offsets(Node& node, std::int64_t total, std::int64_t most) {
    auto* const made = block((total + 1) * static_cast<std::int64_t>(sizeof(Offset)));
    std::int64_t at = bytes_.byte() % 4;
    for (std::int64_t i = 0; i <= total; ++i) {
      auto told = static_cast<Offset>(bytes_.told(at));
      if (i == total) told = static_cast<Offset>(std::min<std::int64_t>(told, most));
      std::memcpy(made + static_cast<std::size_t>(i) * sizeof told, &told, sizeof told);
      at += bytes_.byte() % 8;
    }
    node.buffers.push_back(made);
    return std::max<std::int64_t>(0, arrow::load<Offset>(made, total));
  }
  template <class Offset>
  std::int64_t fill_text(Node& node, std::int64_t total) {
    const std::int64_t size = offsets<Offset>(node, total, kMostBytes);
    node.buffers.push_back(some_bytes(size));
    return 0;
  }

  std::int64_t fill_views(Node& node, std::int64_t total) {
    std::vector<std::int64_t> sizes;
    std::vector<const void*> data;
    for (std::size_t i = bytes_.below(3); i > 0; --i) {
      sizes.push_back(seeable(bytes_.told(16 + bytes_.byte()), kMostBytes));
      const std::int64_t size = sizes.back();
      data.push_back(some_bytes(size < 0 || size > kMostBytes ? 0 : size));
    }
    auto* const views = block(16 * total);
    for (std::int64_t i = 0; i < total; ++i) view(views + 16 * i, sizes, data);
    node.buffers.push_back(views);
    node.buffers.insert(node.buffers.end(), data.begin(), data.end());
    auto* const told = block(static_cast<std::int64_t>(8 * sizes.size()));
    if (!sizes.empty()) std::memcpy(told, sizes.data(), 8 * sizes.size());
    node.buffers.push_back(told);
    return 0;
  }
  void view(std::uint8_t* out, const std::vector<std::int64_t>& sizes, const std::vector<const void*>& data) {
    const std::uint8_t code = bytes_.byte();
    if (code < 128 || sizes.empty()) {
      out[0] = code % 13;
      for (int i = 0; i < out[0]; ++i) out[4 + i] = code >= 120 ? bytes_.byte() : 'v';
      if (code >= 250) out[3] = bytes_.byte();
      return;
    }
    const std::size_t of = bytes_.below(sizes.size());
    const bool room = sizes[of] >= 16 && sizes[of] <= kMostBytes;
    const std::int64_t length = room ? 13 + static_cast<std::int64_t>(bytes_.below(
                                                static_cast<std::size_t>(std::min<std::int64_t>(sizes[of] - 13, 200))))
                                     : 13;
    const std::int64_t offset = room ? std::min<std::int64_t>(bytes_.byte(), sizes[of] - length) : 0;
    if (room && offset >= 0) std::memcpy(out + 4, static_cast<const std::uint8_t*>(data[of]) + offset, 4);
    const std::int32_t told[] = {static_cast<std::int32_t>(bytes_.told(length)),
                                 static_cast<std::int32_t>(bytes_.told(static_cast<std::int64_t>(of))),
                                 static_cast<std::int32_t>(bytes_.told(offset))};
    std::memcpy(out, told, 4);
    std::memcpy(out + 8, told + 1, 8);
  }

  void tell_buffers(Node& node, const arrow::Layout& layout) {
    for (const void*& buffer : node.buffers) {
      if (bytes_.lies()) buffer = nullptr;
    }
    const auto honest = static_cast<std::int64_t>(node.buffers.size());
    std::int64_t told = bytes_.told(honest);
    // With fewer of a view's, its data would be taken for the sizes of data.
    if (layout.form == arrow::Form::view && told > 2 && told < honest) told = 2;
    node.array.n_buffers = told > 64 && told < kImpossible ? 64 : told;
    node.buffers.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(node.array.n_buffers, honest, 64)));
    node.array.buffers = bytes_.lies() ? nullptr : node.buffers.data();
  }

  void add_children(Node& node, const ArrowSchema& schema, std::int64_t items) {
    for (std::int64_t i = 0; i < schema.n_children; ++i)
      node.children.push_back(child(node, *schema.children[i], items));
    ArrowArray& array = node.array;
    array.n_children = bytes_.told(schema.n_children);
    array.children = bytes_.lies() ? nullptr : node.children.data();
    if (schema.dictionary != nullptr)
      array.dictionary = child(node, *schema.dictionary, static_cast<std::int64_t>(bytes_.below(12)));
    else if (bytes_.lies())
      array.dictionary = &array;
  }
  ArrowArray* child(Node& node, const ArrowSchema& schema, std::int64_t rows) {
    Node& made = this->node(schema, rows);
    node.owned.push_back(&made);
    return bytes_.lies() ? nullptr : &made.array;
  }

  std::uint8_t* block(std::int64_t size) {
    return memory_.blocks.emplace_back(std::make_unique<std::uint8_t[]>(static_cast<std::size_t>(size))).get();
  }
  // A few bytes again and again.
  std::uint8_t* some_bytes(std::int64_t size) {
    auto* const made = block(size);
    const std::string pattern = bytes_.text(24);
    for (std::int64_t i = 0; i < size && !pattern.empty(); ++i)
      made[i] = static_cast<std::uint8_t>(pattern[static_cast<std::size_t>(i) % pattern.size()]);
    return made;
  }

  Bytes& bytes_;
  Memory& memory_;
  bool has_validity_ = false;  // of the array that is being made
};

}  // namespace weir::fuzz
