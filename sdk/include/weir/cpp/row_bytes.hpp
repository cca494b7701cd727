// Rows as bytes, of any type, and back: for what keeps rows in another order or place than they came in (a sort, a join).
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nested.hpp"
#include "nested_builder.hpp"
#include "view_builder.hpp"

namespace weir {

// A copy of a schema in which columns of dictionaries are those of their values: what rows that were bytes come back as.
inline Schema plain_schema(const ArrowSchema& field) {
  if (field.dictionary != nullptr) {
    Schema values = plain_schema(*field.dictionary);
    std::vector<Schema> children;
    for (std::int64_t i = 0; i < values->n_children; ++i) children.push_back(Schema::copy_of(*values->children[i]));
    return Schema::field(values->format, field.name == nullptr ? "" : field.name,
                         (field.flags & ARROW_FLAG_NULLABLE) != 0, metadata_of(field), std::move(children));
  }
  std::vector<Schema> children;
  for (std::int64_t i = 0; i < field.n_children; ++i) children.push_back(plain_schema(*field.children[i]));
  Schema made = Schema::field(field.format, field.name == nullptr ? "" : field.name, false, metadata_of(field),
                              std::move(children));
  made.address()->flags = field.flags;
  return made;
}

namespace detail {

// A column whose values are appended, one by one: a byte that says whether there is one, and the value. Lent.
class CellSource {
 public:
  CellSource(const ArrowSchema& field, const ArrowArray& array, std::int64_t outer)
      : field_(field), array_(array), outer_(outer), info_(type_of(field)), width_(value_width(info_)) {
    if (field.dictionary == nullptr && info_.type == Type::null) return;
    validity_ = Validity(array, outer);
    if (width_ > 0 && field.dictionary == nullptr)
      values_ = static_cast<const char*>(array.buffers[1]) + width_ * (array.offset + outer);
  }

  void append(Buffer& to, std::int64_t row) const {
    const bool nothing = field_.dictionary == nullptr && info_.type == Type::null;
    const char valid = !nothing && validity_.valid(row) ? 1 : 0;
    to.append(&valid, 1);
    if (valid == 0) return;
    if (values_ == nullptr) return append_other(to, row);
    switch (width_) {
      case 4: return to.append(values_ + 4 * row, 4);
      case 8: return to.append(values_ + 8 * row, 8);
      default: return to.append(values_ + width_ * row, static_cast<std::size_t>(width_));
    }
  }

 private:
  void append_other(Buffer& to, std::int64_t row) const {
    if (field_.dictionary != nullptr) return append_named(to, row);
    switch (info_.type) {
      case Type::boolean: {
        const char value = BooleanColumn(array_, outer_)[row] ? 1 : 0;
        return to.append(&value, 1);
      }
      case Type::utf8:
      case Type::binary: return append_text(to, TextColumn(array_, outer_)[row]);
      case Type::large_utf8:
      case Type::large_binary: return append_text(to, LargeTextColumn(array_, outer_)[row]);
      case Type::utf8_view:
      case Type::binary_view: return append_text(to, ViewColumn(array_, outer_)[row]);
      default: return append_nested(to, row);
    }
  }
  static void append_text(Buffer& to, std::string_view text) {
    const std::uint64_t size = text.size();
    to.append(&size, sizeof size);
    to.append(text.data(), text.size());
  }
  // What stands in a dictionary is null where the index is, or where the value is.
  void append_named(Buffer& to, std::int64_t row) const {
    const DictionaryColumn column(array_, info_.type, outer_);
    to.resize(to.size() - 1);
    CellSource(*field_.dictionary, column.values(), 0).append(to, column[row]);
  }
  void append_items(Buffer& to, const ArrowArray& items, Items range, bool counted) const {
    const std::int64_t count = range.count();
    if (counted) to.append(&count, sizeof count);
    const CellSource source(*field_.children[0], items, 0);
    for (std::int64_t i = range.begin; i < range.end; ++i) source.append(to, i);
  }
  void append_nested(Buffer& to, std::int64_t row) const {
    switch (info_.type) {
      case Type::list:
      case Type::map: {
        const ListColumn column(array_, outer_);
        return append_items(to, column.items(), column[row], true);
      }
      case Type::large_list: {
        const LargeListColumn column(array_, outer_);
        return append_items(to, column.items(), column[row], true);
      }
      case Type::fixed_list: {
        const FixedListColumn column(array_, info_.width, outer_);
        return append_items(to, column.items(), column[row], false);
      }
      default: break;
    }
    const StructColumn column(array_, outer_);
    for (std::int64_t i = 0; i < column.count(); ++i)
      CellSource(*field_.children[i], column.field(i), column.outer()).append(to, row);
  }

  const ArrowSchema& field_;
  const ArrowArray& array_;
  std::int64_t outer_;
  TypeInfo info_;
  std::int32_t width_;
  Validity validity_;
  const char* values_ = nullptr;  // of a fixed width in bytes
};

// Collects the values of one column from bytes; each append() moves `at` behind what it read.
class CellBuilder {
 public:
  CellBuilder() = default;
  CellBuilder(const CellBuilder&) = delete;
  CellBuilder& operator=(const CellBuilder&) = delete;
  virtual ~CellBuilder() = default;
  void append(const char*& at) {
    if (*at++ == 0) return append_null();
    append_value(at);
  }
  virtual void append_null() = 0;
  virtual Array finish() = 0;

 private:
  virtual void append_value(const char*& at) = 0;
};

std::unique_ptr<CellBuilder> make_cell_builder(const ArrowSchema& field);

template <class T>
T read_value(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

class NullCells final : public CellBuilder {
 public:
  void append_null() override { builder_.append_null(); }
  Array finish() override { return builder_.finish(); }

 private:
  void append_value(const char*& /*at*/) override { builder_.append_null(); }
  NullBuilder builder_;
};

class BooleanCells final : public CellBuilder {
 public:
  void append_null() override { builder_.append_null(); }
  Array finish() override { return builder_.finish(); }

 private:
  void append_value(const char*& at) override { builder_.append(*at++ != 0); }
  BooleanBuilder builder_;
};

template <class T>
class NumberCells final : public CellBuilder {
 public:
  void append_null() override { builder_.append_null(); }
  Array finish() override { return builder_.finish(); }

 private:
  void append_value(const char*& at) override { builder_.append(read_value<T>(at)); }
  NumberBuilder<T> builder_;
};

// Of any width that has no number.
class BlockCells final : public CellBuilder {
 public:
  explicit BlockCells(std::int32_t width) : width_(static_cast<std::size_t>(width)), builder_(width) {}
  void append_null() override { builder_.append_null(); }
  Array finish() override { return builder_.finish(); }

 private:
  void append_value(const char*& at) override {
    builder_.append({at, width_});
    at += width_;
  }
  std::size_t width_;
  FixedBinaryBuilder builder_;
};

template <class Builder>
class TextCells final : public CellBuilder {
 public:
  void append_null() override { builder_.append_null(); }
  Array finish() override { return builder_.finish(); }

 private:
  void append_value(const char*& at) override {
    const auto size = read_value<std::uint64_t>(at);
    builder_.append({at, size});
    at += size;
  }
  Builder builder_;
};

template <class Builder>
class ListCells final : public CellBuilder {
 public:
  explicit ListCells(const ArrowSchema& field) : items_(make_cell_builder(*field.children[0])) {}
  void append_null() override { lists_.append_null(); }
  Array finish() override {
    count_ = 0;
    return lists_.finish(items_->finish());
  }

 private:
  void append_value(const char*& at) override {
    const auto count = read_value<std::int64_t>(at);
    for (std::int64_t i = 0; i < count; ++i) items_->append(at);
    lists_.append(count_ += count);
  }
  Builder lists_;
  std::unique_ptr<CellBuilder> items_;
  std::int64_t count_ = 0;
};

class FixedListCells final : public CellBuilder {
 public:
  explicit FixedListCells(const ArrowSchema& field)
      : width_(type_of(field).width), items_(make_cell_builder(*field.children[0])) {}
  void append_null() override {
    for (std::int32_t i = 0; i < width_; ++i) items_->append_null();
    lists_.append_null();
  }
  Array finish() override { return lists_.finish(items_->finish()); }

 private:
  void append_value(const char*& at) override {
    for (std::int32_t i = 0; i < width_; ++i) items_->append(at);
    lists_.append();
  }
  std::int32_t width_;
  FixedListBuilder lists_;
  std::unique_ptr<CellBuilder> items_;
};

class StructCells final : public CellBuilder {
 public:
  explicit StructCells(const ArrowSchema& field) {
    for (std::int64_t i = 0; i < field.n_children; ++i) fields_.push_back(make_cell_builder(*field.children[i]));
  }
  void append_null() override {
    for (auto& field : fields_) field->append_null();
    rows_.append_null();
  }
  Array finish() override {
    std::vector<Array> columns;
    for (auto& field : fields_) columns.push_back(field->finish());
    return rows_.finish(std::move(columns));
  }

 private:
  void append_value(const char*& at) override {
    for (auto& field : fields_) field->append(at);
    rows_.append();
  }
  StructBuilder rows_;
  std::vector<std::unique_ptr<CellBuilder>> fields_;
};

inline std::unique_ptr<CellBuilder> make_fixed_cells(const TypeInfo& info) {
  if (info.type == Type::fixed_binary) return std::make_unique<BlockCells>(info.width);
  switch (value_width(info)) {
    case 1: return std::make_unique<NumberCells<std::uint8_t>>();
    case 2: return std::make_unique<NumberCells<std::uint16_t>>();
    case 4: return std::make_unique<NumberCells<std::uint32_t>>();
    case 8: return std::make_unique<NumberCells<std::uint64_t>>();
    default: return std::make_unique<BlockCells>(value_width(info));
  }
}

inline std::unique_ptr<CellBuilder> make_cell_builder(const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::null: return std::make_unique<NullCells>();
    case Type::boolean: return std::make_unique<BooleanCells>();
    case Type::utf8:
    case Type::binary: return std::make_unique<TextCells<TextBuilder>>();
    case Type::large_utf8:
    case Type::large_binary: return std::make_unique<TextCells<LargeTextBuilder>>();
    case Type::utf8_view:
    case Type::binary_view: return std::make_unique<TextCells<ViewBuilder>>();
    case Type::list:
    case Type::map: return std::make_unique<ListCells<ListBuilder>>(field);
    case Type::large_list: return std::make_unique<ListCells<LargeListBuilder>>(field);
    case Type::fixed_list: return std::make_unique<FixedListCells>(field);
    case Type::structure: return std::make_unique<StructCells>(field);
    default: return make_fixed_cells(info);
  }
}

}  // namespace detail

// Writes rows as bytes. The schema and the rows are lent. Threads: one at a time.
class RowWriter {
 public:
  // `columns`: which of them, in this order.
  RowWriter(const ArrowSchema& schema, const std::vector<std::int64_t>& columns, const ArrowArray& rows) {
    cells_.reserve(columns.size());
    for (const std::int64_t i : columns) cells_.emplace_back(*schema.children[i], *rows.children[i], rows.offset);
  }
  // Appends row `row`.
  void append(Buffer& to, std::int64_t row) const {
    for (const auto& cell : cells_) cell.append(to, row);
  }

 private:
  std::vector<detail::CellSource> cells_;
};

// Makes columns of rows that a RowWriter wrote. Threads: one at a time.
class RowReader {
 public:
  // `fields`: those of plain_schema(), in the order of the columns that were written.
  explicit RowReader(const std::vector<const ArrowSchema*>& fields) {
    for (const ArrowSchema* field : fields) cells_.push_back(detail::make_cell_builder(*field));
  }
  // Appends the row that begins at `at`; gives where it ends. The bytes are taken as a RowWriter left them.
  const char* append(const char* at) {
    for (auto& cell : cells_) cell->append(at);
    return at;
  }
  // A row that is null in every column.
  void append_nulls() {
    for (auto& cell : cells_) cell->append_null();
  }
  // The columns, and begins anew.
  std::vector<Array> finish() {
    std::vector<Array> columns;
    for (auto& cell : cells_) columns.push_back(cell->finish());
    return columns;
  }

 private:
  std::vector<std::unique_ptr<detail::CellBuilder>> cells_;
};

}  // namespace weir
