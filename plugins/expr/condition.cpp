#include "condition.hpp"

#include <algorithm>

#include "compile.hpp"
#include "reading.hpp"

namespace weir::expr {

Condition::Condition(std::string_view text, const ArrowSchema& rows, const std::string& option,
                     std::string naive_zone) {
  Scope scope = Scope::of(rows);
  scope.naive_zone = std::move(naive_zone);
  try {
    condition_ = compile_condition(text, scope);
  } catch (const Mistake& mistake) {
    throw failure_of(mistake, option);
  }
  columns_ = named_columns(text);
}

Condition::Broken Condition::run(const std::vector<ColumnData>& columns, std::int64_t length) {
  frame_.columns.assign(columns.begin(), columns.end());
  rows_.resize(static_cast<std::size_t>(length) + kSpareRows);
  failed_.clear();
  std::uint32_t* end = rows_.data();
  for (std::int64_t begin = 0; begin < length; begin += kChunkRows) {
    const int count = static_cast<int>(std::min<std::int64_t>(kChunkRows, length - begin));
    frame_.start(begin, count);
    const Bits live = first_bits(count);
    Vector value(frame_.scratch);
    condition_->run(frame_, live, value);
    Bits broken = value.valid_of(live) - value.truth;
    if (frame_.has_failures()) broken = broken - frame_.failed();
    append_rejects(frame_, failed_);
    end = append_rows(broken, begin, end);
  }
  rows_.resize(static_cast<std::size_t>(end - rows_.data()));
  return {&rows_, &failed_};
}

}  // namespace weir::expr
