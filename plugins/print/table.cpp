// Layout of the table.
#include "table.hpp"

#include <algorithm>

#include <weir/cpp/value_text.hpp>

#include "display.hpp"

namespace weir::print {
namespace {

constexpr std::string_view kNull = "∅";
constexpr std::size_t kGap = 2;  // blanks between columns
constexpr const char* kBold = "1";
constexpr const char* kDim = "2";

bool is_number(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return false;
  const Type type = type_of(field).type;
  return type >= Type::int8 && type <= Type::decimal256;
}

std::string plural(std::uint64_t count, const char* what) {
  return std::to_string(count) + " more " + what + (count == 1 ? "" : "s");
}

}  // namespace

Table::Table(const ArrowSchema& schema, std::uint64_t most_rows, TableStyle style)
    : schema_(Schema::copy_of(schema)), most_rows_(most_rows), style_(style) {
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    Column& column = columns_.emplace_back();
    column.name = cut_to(harmless(field.name == nullptr ? "" : field.name), style_.column_width);
    column.type =
        cut_to(harmless(type_name(field.dictionary == nullptr ? field : *field.dictionary)), style_.column_width);
    column.right = is_number(field);
    column.width = std::max(width_of(column.name), width_of(column.type));
  }
}

void Table::add(const weir_batch& batch) {
  const std::uint64_t live =
      batch.selected == nullptr ? static_cast<std::uint64_t>(batch.rows.length) : batch.selected_count;
  const std::uint64_t more = std::min(most_rows_ - shown_, live);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    const ArrowArray& values = *batch.rows.children[i];
    for (std::uint64_t at = 0; at < more; ++at) {
      const auto row = static_cast<std::int64_t>(batch.selected == nullptr ? at : batch.selected[at]);
      column.cells.push_back(cell_of(*schema_->children[i], values, batch.rows.offset, row));
      column.width = std::max(column.width, width_of(column.cells.back()));
    }
  }
  shown_ += more;
  rows_ += live;
}

std::string Table::cell_of(const ArrowSchema& field, const ArrowArray& values, std::int64_t outer,
                           std::int64_t row) const {
  if (is_null_at(field, values, outer, row)) return std::string(kNull);
  std::string text;
  append_value(text, field, values, outer, row);
  return cut_to(harmless(text), style_.column_width);
}

std::size_t Table::columns_that_fit() const {
  if (style_.terminal_width == 0) return columns_.size();
  std::size_t width = 0, count = 0;
  for (; count < columns_.size(); ++count) {
    width += columns_[count].width + (count == 0 ? 0 : kGap);
    if (width > style_.terminal_width) break;
  }
  return std::max<std::size_t>(count, std::min<std::size_t>(columns_.size(), 1));
}

std::string Table::coloured(const std::string& text, const char* colour) const {
  if (!style_.colours || colour == nullptr || text.empty()) return text;
  return "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m";
}

template <class TextOf>
void Table::append_line(std::string& to, std::size_t columns, TextOf&& text_of) const {
  std::size_t blanks = 0;  // that come before the next text: none at the end of a line
  for (std::size_t i = 0; i < columns; ++i) {
    const auto [text, colour] = text_of(columns_[i]);
    const std::size_t padding = columns_[i].width - width_of(text);
    to.append(blanks + (columns_[i].right ? padding : 0), ' ');
    to += coloured(text, colour);
    blanks = kGap + (columns_[i].right ? 0 : padding);
  }
  to += '\n';
}

void Table::append_rest(std::string& to, std::size_t columns) const {
  std::string rest;
  if (rows_ > shown_) rest = plural(rows_ - shown_, "row");
  if (columns < columns_.size()) {
    rest += (rest.empty() ? "" : ", ") + plural(columns_.size() - columns, "column") + ":";
    for (std::size_t i = columns; i < columns_.size(); ++i) rest += (i == columns ? " " : ", ") + columns_[i].name;
  }
  if (rows_ == 0) rest += rest.empty() ? "no rows" : ", no rows";
  if (rest.empty()) return;
  if (rows_ > 0) rest = "… " + rest;
  if (style_.terminal_width > 0) rest = cut_to(std::move(rest), style_.terminal_width);
  to += coloured(rest, kDim) + '\n';
}

std::string Table::finish() {
  using Shown = std::pair<std::string, const char*>;
  const std::size_t columns = columns_that_fit();
  std::string out;
  if (columns > 0) {
    append_line(out, columns, [](const Column& column) { return Shown(column.name, kBold); });
    append_line(out, columns, [](const Column& column) { return Shown(column.type, kDim); });
    append_line(out, columns, [](const Column& column) {
      std::string rule;
      for (std::size_t i = 0; i < column.width; ++i) rule += "─";
      return Shown(std::move(rule), kDim);
    });
    for (std::size_t row = 0; row < shown_; ++row) {
      append_line(out, columns, [row](const Column& column) {
        const std::string& cell = column.cells[row];
        return Shown(cell, cell == kNull ? kDim : nullptr);
      });
    }
  }
  append_rest(out, columns);
  for (Column& column : columns_) column.cells.clear();
  rows_ = 0;
  shown_ = 0;
  return out;
}

}  // namespace weir::print
