#include "field_builder.hpp"

#include <algorithm>

namespace weir::json {

void Nulls::set(std::int64_t row, bool valid) {
  const auto byte = static_cast<std::size_t>(row >> 3);
  if (byte >= bits_.size()) {
    bits_.resize(byte + 1);
    bits_.data()[byte] = 0;
  }
  const auto mask = static_cast<std::uint8_t>(1U << (static_cast<unsigned>(row) & 7U));
  auto& cell = bits_.data()[byte];
  cell = static_cast<std::uint8_t>(valid ? cell | mask : cell & ~mask);
}

void Nulls::add_null(std::int64_t row) {
  if (count_ == 0) {
    const auto bytes = static_cast<std::size_t>(row / 8 + 1);
    bits_.resize(bytes);
    std::memset(bits_.data(), 0xFF, bytes);
  }
  set(row, false);
  ++count_;
}

void Nulls::cut(std::int64_t from, std::int64_t to) {
  if (count_ == 0) return;
  for (std::int64_t row = to; row < from; ++row) {
    if ((bits_.data()[row >> 3] >> (row & 7) & 1) == 0) --count_;
  }
  bits_.resize(static_cast<std::size_t>((to + 7) / 8));
}

Buffer Nulls::finish() {
  const bool any = count_ > 0;
  count_ = 0;
  Buffer bits = std::exchange(bits_, Buffer());
  return any ? std::move(bits) : Buffer();
}

FieldBuilder::FieldBuilder(const Field& field) : field_(&field) {
  TypeInfo info;
  info.type = field.type;
  width_ = static_cast<std::size_t>(value_width(info));
  for (const Field& child : field.fields) children_.emplace_back(child);
}

void FieldBuilder::put_offset(std::size_t end) {
  if (values_.size() == 0) {
    values_.reserve(1024);
    values_.resize(sizeof(std::int32_t));
    *values_.as<std::int32_t>() = 0;
  }
  const std::size_t at = values_.size();
  values_.resize(at + sizeof(std::int32_t));
  const auto narrow = static_cast<std::int32_t>(end);
  std::memcpy(values_.data() + at, &narrow, sizeof narrow);
}

std::size_t FieldBuilder::offset(std::int64_t row) {
  return values_.size() == 0 ? 0 : static_cast<std::size_t>(values_.as<std::int32_t>()[row]);
}

void FieldBuilder::add_boolean(bool value) {
  const auto byte = static_cast<std::size_t>(rows_ >> 3);
  if (byte >= values_.size()) {
    values_.resize(byte + 1);
    values_.data()[byte] = 0;
  }
  const auto mask = static_cast<std::uint8_t>(1U << (static_cast<unsigned>(rows_) & 7U));
  auto& cell = values_.data()[byte];
  cell = static_cast<std::uint8_t>(value ? cell | mask : cell & ~mask);
  add_valid();
}

void FieldBuilder::add_null() {
  switch (field_->type) {
    case Type::null: ++rows_; return;
    case Type::boolean: add_boolean(false); break;
    case Type::utf8:
    case Type::binary: end_text(); break;
    case Type::list: end_list(); break;
    case Type::structure:
      for (FieldBuilder& child : children_) child.add_null();
      end_object();
      break;
    default: {
      const std::size_t at = values_.size();
      values_.resize(at + width_);
      std::memset(values_.data() + at, 0, width_);
      add_valid();
    }
  }
  nulls_.cut(rows_, rows_ - 1);  // it was added as a value
  nulls_.add_null(rows_ - 1);
}

void FieldBuilder::reserve(std::size_t most) {
  const auto room = [most](const std::atomic<std::size_t>& last) {
    const std::size_t size = last.load(std::memory_order_relaxed);
    return std::min(size + size / 16, most);  // one batch is hardly as large as another
  };
  values_.reserve(room(field_->last->values));
  data_.reserve(room(field_->last->text));
  for (FieldBuilder& child : children_) child.reserve(most);
}

void FieldBuilder::cut(std::int64_t rows) {
  if (field_->type != Type::null) nulls_.cut(rows_, rows);
  switch (field_->type) {
    case Type::null: break;
    case Type::boolean: values_.resize(static_cast<std::size_t>((rows + 7) / 8)); break;
    case Type::utf8:
    case Type::binary:
    case Type::list:
      if (field_->type == Type::list)
        children_[0].cut(static_cast<std::int64_t>(offset(rows)));
      else
        data_.resize(offset(rows));
      if (values_.size() > 0) values_.resize(static_cast<std::size_t>(rows + 1) * sizeof(std::int32_t));
      break;
    case Type::structure:
      for (FieldBuilder& child : children_) child.cut(rows);
      break;
    default: values_.resize(static_cast<std::size_t>(rows) * width_);
  }
  rows_ = rows;
}

Array FieldBuilder::finish() {
  const std::int64_t length = std::exchange(rows_, 0);
  if (field_->type == Type::null) return make_array(length, length, {});
  field_->last->values.store(values_.size(), std::memory_order_relaxed);
  field_->last->text.store(data_.size(), std::memory_order_relaxed);
  const std::int64_t nulls = nulls_.count();
  std::vector<Buffer> buffers(1);
  buffers[0] = nulls_.finish();
  std::vector<Array> children;
  const bool offsets = field_->type == Type::utf8 || field_->type == Type::binary || field_->type == Type::list;
  if (offsets && values_.size() == 0) {
    values_.resize(sizeof(std::int32_t));
    *values_.as<std::int32_t>() = 0;
  }
  for (FieldBuilder& child : children_) children.push_back(child.finish());
  if (field_->type != Type::structure) buffers.push_back(std::exchange(values_, Buffer()));
  if (field_->type == Type::utf8 || field_->type == Type::binary) buffers.push_back(std::exchange(data_, Buffer()));
  return make_array(length, nulls, std::move(buffers), std::move(children));
}

}  // namespace weir::json
