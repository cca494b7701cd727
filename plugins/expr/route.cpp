// route: see route.hpp.
#include "route.hpp"

#include <algorithm>

#include "compile.hpp"
#include "naive_zone.hpp"
#include "reading.hpp"

namespace weir::expr {

Route::Route(const Context& context, const Inputs& inputs, const Outputs& outputs)
    : has_else_(context.config().has("/else")) {
  const Config config = context.config();
  Scope scope = Scope::of(inputs[0]);
  scope.naive_zone = naive_zone(config);
  const std::string_view rest = config.text("/else");
  for (std::uint64_t i = 0; i < config.count("/to"); ++i) {
    const std::string_view name = config.key("/to", i);
    const std::string option = pointer_to("/to", name);
    if (has_else_ && name == rest) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected an output that has no condition, found '" + std::string(rest) + "', which has one")
          .hint("rows that meet no condition need an output of their own: else: rest")
          .option("/else");
    }
    const std::string_view condition = config.text(option);
    try {
      conditions_.push_back(compile_condition(condition, scope));
    } catch (const Mistake& mistake) {
      throw failure_of(mistake, option);
    }
    for (std::string& column : named_columns(condition)) {
      if (std::find(read_.begin(), read_.end(), column) == read_.end()) read_.push_back(std::move(column));
    }
    outputs.same(inputs[0], name);
  }
  if (has_else_) outputs.same(inputs[0], rest);
  rows_.resize(conditions_.size() + (has_else_ ? 1 : 0));
}

void Route::traits(const Config& /*config*/, weir_traits& traits) {
  traits.rows = WEIR_ROWS_ONCE;
  traits.takes_selection = 1;
}

void Route::reads(std::uint64_t /*input*/, const Sink& names) const {
  for (const std::string& column : read_) names.put(column);
}

void Route::process(std::uint64_t /*input*/, Batch& batch, const Next& next) {
  const std::int64_t length = batch.length();
  set_columns(frame_, batch.rows());
  for (Rows& rows : rows_) {
    if (rows.numbers.size() < static_cast<std::size_t>(length) + kSpareRows)
      rows.numbers.resize(static_cast<std::size_t>(length) + kSpareRows);
    rows.end = rows.numbers.data();
  }
  rejects_.clear();
  LiveRows rows(*batch.raw());
  for (std::int64_t begin = 0; begin < length; begin += kChunkRows) {
    frame_.start(begin, static_cast<int>(std::min<std::int64_t>(kChunkRows, length - begin)));
    const Bits live = rows.next(begin, frame_.count);
    if (any(live)) sort_chunk(live);
  }
  send(next, rows.count(length));
}

void Route::sort_chunk(Bits live) {
  for (std::size_t i = 0; i < conditions_.size() && any(live); ++i) {
    Vector value(frame_.scratch);
    conditions_[i]->run(frame_, live, value);
    Bits passed = live & value.truth;
    if (frame_.has_failures()) {
      passed = passed - frame_.failed();
      live = live - frame_.failed();
    }
    live = live - passed;
    rows_[i].end = append_rows(passed, frame_.begin, rows_[i].end);
  }
  append_rejects(frame_, rejects_);
  if (has_else_) rows_.back().end = append_rows(live, frame_.begin, rows_.back().end);
}

void Route::send(const Next& next, std::uint64_t live) const {
  std::uint64_t sent = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::uint64_t count = rows_[i].count();
    if (count == 0) continue;
    sent += count;
    if (count == live) {
      next.select_all(i);
    } else {
      next.select(rows_[i].numbers.data(), count, i);
    }
  }
  tell(next, rejects_);
  if (const std::uint64_t dropped = live - sent - rejects_.size(); dropped > 0) next.drop(dropped, "no condition met");
}

}  // namespace weir::expr
