// Rows to try components with: values that any format and destination can hold.
#include <algorithm>
#include <cstring>

#include "arrow/layout.hpp"
#include "conformance/sample.hpp"

namespace weir::conformance {
namespace {

using arrow::Form;
using arrow::Layout;

struct Span {
  std::int64_t first = 0, count = 0;
  RowStyle style;
};

bool is_null(std::int64_t row, Nulls nulls) { return nulls == Nulls::all || (nulls == Nulls::some && row % 5 == 3); }

template <class IsSet>
weir::Buffer bits(const Span& span, const IsSet& set) {
  weir::Buffer buffer;
  buffer.resize(static_cast<std::size_t>((span.count + 7) / 8));
  std::memset(buffer.data(), 0, buffer.size());
  for (std::int64_t i = 0; i < span.count; ++i) {
    if (set(span.first + i)) buffer.data()[i / 8] = static_cast<std::uint8_t>(buffer.data()[i / 8] | (1 << (i % 8)));
  }
  return buffer;
}

template <class T>
void append(weir::Buffer& buffer, T value) {
  buffer.append(&value, sizeof value);
}

// A value of `width` bytes: the row's number, small enough for a byte where there is but one.
weir::Buffer fixed(const Span& span, const Layout& layout, bool dictionary) {
  weir::Buffer values;
  for (std::int64_t i = 0; i < span.count; ++i) {
    const std::int64_t row = span.first + i;
    if (layout.type.type == weir::Type::float32) {
      append(values, static_cast<float>(row) / 4);
    } else if (layout.type.type == weir::Type::float64) {
      append(values, static_cast<double>(row) / 4);
    } else {
      std::uint8_t value[64] = {};
      const std::int64_t small = dictionary ? row % 3 : layout.width == 1 ? row % 100 : row % 20000;
      std::memcpy(value, &small, std::min<std::size_t>(sizeof small, static_cast<std::size_t>(layout.width)));
      values.append(value, static_cast<std::size_t>(layout.width));
    }
  }
  return values;
}

template <class Offset>
void texts(const Span& span, weir::ArrayParts& parts) {
  weir::Buffer offsets, data;
  append(offsets, Offset{0});
  for (std::int64_t i = 0; i < span.count; ++i) {
    std::string text = "text " + std::to_string(span.first + i);
    if (text.size() < span.style.text_bytes) text.resize(span.style.text_bytes, 'x');
    data.append(text.data(), text.size());
    append(offsets, static_cast<Offset>(data.size()));
  }
  parts.buffers.push_back(std::move(offsets));
  parts.buffers.push_back(std::move(data));
}

void views(const Span& span, weir::ArrayParts& parts) {
  weir::Buffer all;
  for (std::int64_t i = 0; i < span.count; ++i) {
    const std::string text = "v" + std::to_string((span.first + i) % 100000);
    std::uint8_t view[16] = {};
    const auto length = static_cast<std::int32_t>(text.size());
    std::memcpy(view, &length, sizeof length);
    std::memcpy(view + 4, text.data(), text.size());
    all.append(view, sizeof view);
  }
  parts.buffers.push_back(std::move(all));
  parts.buffers.emplace_back();  // sizes of the data buffers: there is none
}

// Items of the lists of all rows before: of row r there are r % 3.
std::int64_t items_before(std::int64_t row) { return row / 3 * 3 + (row % 3 == 2 ? 1 : 0); }

template <class Offset>
std::int64_t list_column(const Span& span, weir::ArrayParts& parts) {
  weir::Buffer offsets;
  Offset at = 0;
  append(offsets, at);
  for (std::int64_t i = 0; i < span.count; ++i) append(offsets, at = static_cast<Offset>(at + (span.first + i) % 3));
  parts.buffers.push_back(std::move(offsets));
  return at;
}

weir::Array column(const ArrowSchema& field, const Span& span) {
  const Layout layout = arrow::layout_of(field);
  const bool null_form = layout.form == Form::null;
  const bool may_be_null = !null_form && (field.flags & ARROW_FLAG_NULLABLE) != 0;
  const Nulls nulls = may_be_null ? span.style.nulls : Nulls::none;
  const auto valid = [&](std::int64_t row) { return !is_null(row, nulls); };
  weir::ArrayParts parts;
  parts.length = span.count;
  if (null_form) parts.null_count = span.count;
  if (layout.buffers > 0) parts.buffers.push_back(nulls != Nulls::none ? bits(span, valid) : weir::Buffer());
  for (std::int64_t i = 0; !null_form && i < span.count; ++i) parts.null_count += valid(span.first + i) ? 0 : 1;
  Span items = span;
  switch (layout.form) {
    case Form::bits: parts.buffers.push_back(bits(span, [](std::int64_t row) { return row % 3 == 0; })); break;
    case Form::fixed: parts.buffers.push_back(fixed(span, layout, field.dictionary != nullptr)); break;
    case Form::text32: texts<std::int32_t>(span, parts); break;
    case Form::text64: texts<std::int64_t>(span, parts); break;
    case Form::view: views(span, parts); break;
    case Form::list32: items = {items_before(span.first), list_column<std::int32_t>(span, parts), span.style}; break;
    case Form::list64: items = {items_before(span.first), list_column<std::int64_t>(span, parts), span.style}; break;
    case Form::fixed_list: items = {span.first * layout.width, span.count * layout.width, span.style}; break;
    default: break;
  }
  for (std::int64_t i = 0; i < field.n_children; ++i) parts.children.push_back(column(*field.children[i], items));
  if (field.dictionary != nullptr) parts.dictionary = column(*field.dictionary, {0, 3, {Nulls::none, 0}});
  return weir::make_array(std::move(parts));
}

}  // namespace

weir::Array sample_rows(const ArrowSchema& columns, std::int64_t first, std::int64_t count, RowStyle style) {
  std::vector<weir::Array> made;
  for (std::int64_t i = 0; i < columns.n_children; ++i) {
    RowStyle own = style;
    if (i == 0) own.nulls = Nulls::none;
    made.push_back(column(*columns.children[i], {first, count, own}));
  }
  return weir::rows_of(count, std::move(made));
}

}  // namespace weir::conformance
