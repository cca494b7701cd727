// Views of shared arrays: one block of memory holds all structs of a view, and a count of those not yet released, since
// whoever gets an array may move children out of it and release them later and elsewhere.
#include "arrow/shared.hpp"

#include <atomic>
#include <vector>

#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

struct ViewBlock {
  std::shared_ptr<const weir::Array> owned;  // ends with the block
  std::atomic<std::int64_t> live{0};         // structs that are not released
  std::vector<ArrowArray> nodes;             // all but the outermost
  std::vector<ArrowArray*> pointers;
};

void release_view(ArrowArray* array) {
  auto* block = static_cast<ViewBlock*>(array->private_data);
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    ArrowArray* child = array->children[i];
    if (child->release != nullptr) child->release(child);
  }
  if (array->dictionary != nullptr && array->dictionary->release != nullptr)
    array->dictionary->release(array->dictionary);
  array->release = nullptr;
  if (block->live.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block;
}

std::size_t count_nodes(const ArrowArray& array) {
  std::size_t count = 0;
  for (std::int64_t i = 0; i < array.n_children; ++i) count += 1 + count_nodes(*array.children[i]);
  if (array.dictionary != nullptr) count += 1 + count_nodes(*array.dictionary);
  return count;
}

// Fills `to` in as a view of `from`; space was reserved, so that addresses stay.
void fill(ViewBlock& block, const ArrowArray& from, ArrowArray& to) {
  to = from;
  to.release = release_view;
  to.private_data = &block;
  block.live.fetch_add(1, std::memory_order_relaxed);
  const std::size_t first = block.nodes.size(), pointer = block.pointers.size();
  const auto children = static_cast<std::size_t>(from.n_children);
  block.nodes.resize(first + children + (from.dictionary != nullptr ? 1 : 0));
  block.pointers.resize(pointer + children);
  for (std::size_t i = 0; i < children; ++i) {
    block.pointers[pointer + i] = &block.nodes[first + i];
    fill(block, *from.children[i], block.nodes[first + i]);
  }
  to.children = children == 0 ? nullptr : block.pointers.data() + pointer;
  if (from.dictionary == nullptr) return;
  to.dictionary = &block.nodes[first + children];
  fill(block, *from.dictionary, *to.dictionary);
}

ArrowArray view_over(std::shared_ptr<const weir::Array> owned, const ArrowArray& from) {
  auto block = std::make_unique<ViewBlock>();
  const std::size_t nodes = count_nodes(from);
  block->nodes.reserve(nodes);
  block->pointers.reserve(nodes);
  block->owned = std::move(owned);
  ArrowArray root;
  fill(*block, from, root);
  static_cast<void>(block.release());  // freed by the last release_view()
  return root;
}

std::int64_t nulls_in(const ArrowArray& column, std::int64_t begin, std::int64_t count) {
  if (column.n_buffers == 0) return count;  // the null type
  if (column.null_count == 0 || column.buffers[0] == nullptr) return 0;
  return count_clear_bits(static_cast<const std::uint8_t*>(column.buffers[0]), begin, count);
}

// Moves a column to rows [begin, begin + count) of its buffers.
void narrow(ArrowArray& column, std::int64_t begin, std::int64_t count) {
  const bool same = column.offset == begin && column.length == count && column.null_count >= 0;
  if (!same) column.null_count = nulls_in(column, begin, count);
  column.offset = begin;
  column.length = count;
}

}  // namespace

SharedArray::SharedArray(weir::Array owned) : owned_(std::make_shared<const weir::Array>(std::move(owned))) {}

weir::Array SharedArray::view() const { return owned_ == nullptr ? weir::Array() : slice(0, owned_->get().length); }

weir::Array SharedArray::slice(std::int64_t from, std::int64_t count) const {
  ArrowArray root = view_over(owned_, owned_->get());
  const std::int64_t begin = root.offset + from;
  for (std::int64_t i = 0; i < root.n_children; ++i) narrow(*root.children[i], root.children[i]->offset + begin, count);
  root.offset = 0;
  root.length = count;
  root.null_count = 0;
  return weir::Array(&root);
}

weir::Array SharedArray::view_of(const ArrowArray& column) const {
  ArrowArray root = view_over(owned_, column);
  return weir::Array(&root);
}

}  // namespace weir::arrow
