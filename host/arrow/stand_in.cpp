#include "arrow/stand_in.hpp"

#include <memory>

#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

constexpr std::size_t kSharedZeros = 1U << 20U;
// Never written, and no page of it ever touched but to read zeros.
alignas(64) std::uint8_t shared_zeros[kSharedZeros];

struct Owner {
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<std::uint8_t[]>> own;  // where the shared zeros are too few
  std::vector<ArrowArray> raw;
  std::vector<ArrowArray*> pointers;
};

void release_stand_in(ArrowArray* array) {
  const auto* owner = static_cast<Owner*>(array->private_data);
  for (auto* child : owner->pointers) {
    if (child->release != nullptr) child->release(child);
  }
  delete owner;
  array->release = nullptr;
}

void add_zeros(Owner& owner, std::size_t bytes) {
  if (bytes <= kSharedZeros) {
    owner.buffers.push_back(shared_zeros);
    return;
  }
  owner.own.push_back(std::make_unique<std::uint8_t[]>(bytes));
  owner.buffers.push_back(owner.own.back().get());
}

std::int64_t child_rows(const Layout& layout, std::int64_t rows) {
  switch (layout.form) {
    case Form::structure: return rows;
    case Form::fixed_list: return rows * layout.width;
    default: return 0;
  }
}

// Of the values, behind validity.
void add_values(Owner& owner, const Layout& layout, std::int64_t rows) {
  const auto count = static_cast<std::size_t>(rows);
  switch (layout.form) {
    case Form::bits: return add_zeros(owner, (count + 7) / 8);
    case Form::fixed: return add_zeros(owner, count * static_cast<std::size_t>(layout.width));
    case Form::list32: return add_zeros(owner, (count + 1) * sizeof(std::int32_t));
    case Form::list64: return add_zeros(owner, (count + 1) * sizeof(std::int64_t));
    case Form::text32: add_zeros(owner, (count + 1) * sizeof(std::int32_t)); return add_zeros(owner, 0);
    case Form::text64: add_zeros(owner, (count + 1) * sizeof(std::int64_t)); return add_zeros(owner, 0);
    default: return;
  }
}

}  // namespace

bool can_stand_in(const ArrowSchema& field) {
  const Form form = layout_of(field).form;
  if (field.dictionary != nullptr || form == Form::view || form == Form::unknown) return false;
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    if (!can_stand_in(*field.children[i])) return false;
  }
  return true;
}

weir::Array stand_in(const ArrowSchema& field, std::int64_t rows) {
  const Layout layout = layout_of(field);
  auto owner = std::make_unique<Owner>();
  ArrowArray array{};
  array.length = rows;
  if (layout.buffers > 0) {
    const bool nullable = (field.flags & ARROW_FLAG_NULLABLE) != 0 && rows > 0;
    if (nullable)
      add_zeros(*owner, static_cast<std::size_t>(rows + 7) / 8);
    else
      owner->buffers.push_back(nullptr);
    array.null_count = nullable ? rows : 0;
    add_values(*owner, layout, rows);
  } else {
    array.null_count = rows;
  }
  owner->raw.reserve(static_cast<std::size_t>(field.n_children));
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    owner->raw.push_back(stand_in(*field.children[i], child_rows(layout, rows)).release());
    owner->pointers.push_back(&owner->raw.back());
  }
  array.n_buffers = static_cast<std::int64_t>(owner->buffers.size());
  array.buffers = owner->buffers.empty() ? nullptr : owner->buffers.data();
  array.n_children = field.n_children;
  array.children = owner->pointers.empty() ? nullptr : owner->pointers.data();
  array.release = release_stand_in;
  array.private_data = owner.release();
  return weir::Array(&array);
}

}  // namespace weir::arrow
