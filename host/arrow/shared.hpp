// SharedArray: rows (a struct array) that several hold at once. The host lends a batch to a plugin and keeps it, slices
// it, or still needs it for a reject after the plugin took it: each gets a view, and the rows go when the last of them
// is gone.
#pragma once

#include <memory>

#include <weir/arrow.hpp>

namespace weir::arrow {

// Owns rows together with all views made of it. Copying shares. Threads: [any]; the buffers behind are never written.
class SharedArray {
 public:
  SharedArray() = default;
  // Takes over rows, a struct array, that passed check_shape().
  explicit SharedArray(weir::Array owned);

  bool empty() const { return owned_ == nullptr; }
  const ArrowArray& get() const { return owned_->get(); }
  const ArrowArray* operator->() const { return &owned_->get(); }
  std::int64_t length() const { return owned_ == nullptr ? 0 : owned_->get().length; }

  // Makes an array over the same buffers which keeps them alive. It may be moved, its children may be moved out of it,
  // and its release() may run on any thread. Few allocations, no copy of values. The view's own offset is 0: its
  // columns carry what there was, so that its readers need not know of it. Empty if this is.
  weir::Array view() const;

  // The same of rows [from, from + count) only. Null counts are counted anew where there are nulls.
  // Precondition: 0 <= from, 0 <= count, from + count <= length().
  weir::Array slice(std::int64_t from, std::int64_t count) const;

  // A view of the dictionary of some descendant `column` of get(), alive as long as it.
  weir::Array view_of(const ArrowArray& column) const;

 private:
  // Ends with the last view or SharedArray.
  std::shared_ptr<const weir::Array> owned_;
};

}  // namespace weir::arrow
