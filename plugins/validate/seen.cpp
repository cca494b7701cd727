#include "seen.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <weir/cpp/value_text.hpp>
#include <weir/weir.hpp>

#include "numbers.hpp"

namespace weir::validate {

SeenColumn::SeenColumn(const ArrowSchema& field)
    : name_(field.name == nullptr ? "" : field.name), field_(Schema::copy_of(field)), type_(column_type_of(field)) {
  const bool has_keys =
      type_.layout() != Layout::none && type_.layout() != Layout::boolean && field.dictionary == nullptr;
  if (!has_keys) return;
  keys_ = std::make_unique<UniqueKey>(Problem{{0, OnBad::reject}, "", "", {}}, std::vector<std::int64_t>{0},
                                      std::vector<ColumnType>{type_}, kKeyBytes);
}

void SeenColumn::add(const ColumnView& column) {
  rows_ += static_cast<std::uint64_t>(column.rows);
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (is_null_at(field_.get(), *column.array, column.outer, row)) ++nulls_;
  }
  if (field_->dictionary != nullptr) return;
  switch (type_.layout()) {
    case Layout::text:
      with_texts(type_.info().type, column, [&](const auto& texts) { add_texts(texts, column.rows); });
      break;
    case Layout::wide: add_numbers(WideColumn(type_.info().type, column), column); break;
    case Layout::word:
    case Layout::real:
      with_numbers(type_.info().type,
                   [&]<class T>(T) { add_numbers(NumberColumn<T>(*column.array, column.outer), column); });
      break;
    default: return;
  }
  add_keys(column);
}

std::string SeenColumn::text_at(const ColumnView& column, std::int64_t row) const {
  std::string text;
  append_value(text, field_.get(), *column.array, column.outer, row);
  return text;
}

template <class Numbers>
void SeenColumn::add_numbers(const Numbers& numbers, const ColumnView& column) {
  std::int64_t least = -1, greatest = -1;
  const bool real = type_.layout() == Layout::real;
  for (std::int64_t row = 0; row < column.rows; ++row) {
    if (!numbers.valid(row)) continue;
    const auto value = numbers[row];
    const double as_real = real ? static_cast<double>(value) : 0;
    const Int128 as_wide = real ? 0 : static_cast<Int128>(value);
    if (std::isnan(as_real)) {
      unordered_ = true;
      continue;
    }
    if (!any_ || as_real < least_.real || as_wide < least_.wide) {
      least_.real = as_real;
      least_.wide = as_wide;
      least = row;
    }
    if (!any_ || as_real > greatest_.real || as_wide > greatest_.wide) {
      greatest_.real = as_real;
      greatest_.wide = as_wide;
      greatest = row;
    }
    any_ = true;
  }
  if (least >= 0) least_.text = text_at(column, least);
  if (greatest >= 0) greatest_.text = text_at(column, greatest);
  if (unordered_) least_.text = greatest_.text = {};
}

void SeenColumn::note_text(std::string_view text) {
  const auto characters = static_cast<std::int64_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
  shortest_ = any_ ? std::min(shortest_, characters) : characters;
  longest_ = any_ ? std::max(longest_, characters) : characters;
  any_ = true;
  if (many_ || std::find(few_.begin(), few_.end(), text) != few_.end()) return;
  many_ = few_.size() == kFew;
  if (many_) {
    few_.clear();
  } else {
    few_.emplace_back(text);
  }
}

template <class Texts>
void SeenColumn::add_texts(const Texts& texts, std::int64_t rows) {
  for (std::int64_t row = 0; row < rows; ++row) {
    if (texts.valid(row)) note_text(texts[row]);
  }
}

void SeenColumn::add_keys(const ColumnView& column) {
  if (keys_ == nullptr || unsure_) return;
  Findings findings;
  findings.clear(column.rows);
  try {
    keys_->run({column}, findings);
  } catch (const Failure&) {
    unsure_ = true;
  }
  if (!findings.empty()) {
    keys_.reset();
    unsure_ = false;
  }
}

}  // namespace weir::validate
