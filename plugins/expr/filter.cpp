// filter: see filter.hpp.
#include "filter.hpp"

#include <algorithm>

#include "compile.hpp"
#include "naive_zone.hpp"
#include "reading.hpp"

namespace weir::expr {

Filter::Filter(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : input_(Schema::copy_of(inputs[0])), where_(context.config().text("/where")) {
  Scope scope = Scope::of(inputs[0]);
  scope.naive_zone = naive_zone_ = naive_zone(context.config());
  try {
    condition_ = compile_condition(where_, scope);
  } catch (const Mistake& mistake) {
    throw failure_of(mistake, "/where");
  }
  outputs.same(inputs[0]);
}

void Filter::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.takes_selection = 1;
}

void Filter::reads(std::uint64_t /*input*/, const Sink& names) const {
  for (const std::string& column : named_columns(where_)) names.put(column);
}

void Filter::conditions(const ConditionSink& conditions) const {
  Scope scope = Scope::of(input_.get());
  scope.naive_zone = naive_zone_;
  tell_conditions(where_, scope, conditions);
}

void Filter::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  const std::int64_t length = batch.length();
  set_columns(frame_, batch.rows());
  if (passed_.size() < static_cast<std::size_t>(length) + kSpareRows)
    passed_.resize(static_cast<std::size_t>(length) + kSpareRows);
  rejects_.clear();
  LiveRows rows(*batch.raw());
  std::uint32_t* end = passed_.data();
  for (std::int64_t begin = 0; begin < length; begin += kChunkRows) {
    const int count = static_cast<int>(std::min<std::int64_t>(kChunkRows, length - begin));
    frame_.start(begin, count);
    const Bits live = rows.next(begin, count);
    if (!any(live)) continue;
    Vector value(frame_.scratch);
    condition_->run(frame_, live, value);
    Bits passed = live & value.truth;
    if (frame_.has_failures()) passed = passed - frame_.failed();
    append_rejects(frame_, rejects_);
    end = append_rows(passed, begin, end);
  }
  const auto passed = static_cast<std::uint64_t>(end - passed_.data());
  const std::uint64_t live = rows.count(length);
  if (passed == live) {
    next.select_all();
  } else if (passed > 0) {
    next.select(passed_.data(), passed);
  }
  tell(next, rejects_);
  if (const std::uint64_t dropped = live - passed - rejects_.size(); dropped > 0) next.drop(dropped, "where");
}

}  // namespace weir::expr
