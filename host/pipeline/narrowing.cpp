#include "pipeline/narrowing.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pipeline/component.hpp"

namespace weir::pipeline {
namespace {

// Moves column i out of rows; what a slice of the rows said goes with it.
weir::Array moved_out(weir::Array& rows, std::int64_t i) {
  ArrowArray column = std::exchange(*rows->children[i], ArrowArray{});
  if (column.length != rows->length || rows->offset != 0) {
    if (column.null_count != 0) column.null_count = -1;
    column.offset += rows->offset;
    column.length = rows->length;
  }
  return weir::Array(&column);
}

}  // namespace

std::shared_ptr<const Narrowing> Narrowing::make(const ArrowSchema& all, Columns read,
                                                 std::vector<Condition> conditions) {
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (!arrow::can_stand_in(*all.children[i])) read[i] = true;
  }
  // None at all would mean all of them; and rows are counted by something.
  if (!read.empty() && std::find(read.begin(), read.end(), true) == read.end()) read[0] = true;
  const bool whole = std::find(read.begin(), read.end(), false) == read.end();
  if (whole && conditions.empty()) return nullptr;
  return std::shared_ptr<const Narrowing>(new Narrowing(all, std::move(read), std::move(conditions)));
}

Narrowing::Narrowing(const ArrowSchema& all, Columns read, std::vector<Condition> conditions)
    : all_(weir::Schema::copy_of(all)), read_(std::move(read)), conditions_(std::move(conditions)) {
  std::vector<weir::Schema> fields, types;
  for (std::size_t i = 0; i < read_.size(); ++i) {
    const ArrowSchema& field = *all_->children[i];
    if (!read_[i]) continue;
    names_.push_back({field.name, std::strlen(field.name)});
    fields.push_back(weir::Schema::copy_of(field));
  }
  const bool whole = fields.size() == read_.size();
  pushed_.push_back(weir::Schema::rows(std::move(fields)));
  std::vector<weir::Array> constants;
  for (Condition& condition : conditions_) {
    raw_conditions_.push_back({sizeof(weir_condition),
                               {condition.column.data(), condition.column.size()},
                               condition.is,
                               0,
                               constants.size()});
    if (condition.type.empty()) continue;
    types.push_back(std::move(condition.type));
    constants.push_back(std::move(condition.constant));
  }
  for (const auto& condition : raw_conditions_) condition_pointers_.push_back(&condition);
  constants_schema_ = weir::Schema::rows(std::move(types));
  constants_ = weir::rows_of(1, std::move(constants));
  wanted_.size = sizeof wanted_;
  if (!whole) {
    wanted_.columns = names_.data();
    wanted_.column_count = names_.size();
  }
  wanted_.conditions = condition_pointers_.data();
  wanted_.condition_count = condition_pointers_.size();
  wanted_.constants_schema = &constants_schema_.get();
  wanted_.constants = &constants_.get();
}

weir::Array Narrowing::widen(weir::Array rows) const {
  const std::int64_t length = rows->length;
  std::vector<weir::Array> columns;
  columns.reserve(read_.size());
  std::int64_t next = 0;
  for (std::size_t i = 0; i < read_.size(); ++i)
    columns.push_back(read_[i] ? moved_out(rows, next++) : arrow::stand_in(*all_->children[i], length));
  return weir::rows_of(length, std::move(columns));
}

const weir_pushdown* pushdown_of(const Component& component) {
  return static_cast<const weir_pushdown*>(component.extension(WEIR_PUSHDOWN));
}

}  // namespace weir::pipeline
