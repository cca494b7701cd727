#include "pipeline/outlet.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "arrow/gather.hpp"
#include "arrow/json.hpp"
#include "arrow/validate.hpp"
#include "pipeline/sinks.hpp"
#include "plugins/error.hpp"
#include "plugins/running_call.hpp"

namespace weir::pipeline {
namespace {

// Past these, push() runs the links behind before it returns, so that a call that pushes without end needs bounded memory.
constexpr std::size_t kMaxPending = 4;

// No memory holds more.
constexpr std::int64_t kMaxOffset = std::int64_t{1} << 48;

// Says of a reject which split it came from, and where in it.
void came_from(const Provenance* from, std::int64_t offset, Reject& reject) {
  if (from == nullptr) return;
  reject.split = from->file;
  reject.stream = from->stream;
  reject.position = from->position(offset);
}

bool ascending(const std::uint32_t* rows, std::uint64_t count) {
  for (std::uint64_t i = 1; i < count; ++i) {
    if (rows[i] <= rows[i - 1]) return false;
  }
  return true;
}

}  // namespace

template <class Body>
weir_status Outlet::enter(Body&& body) {
  if (!open_) late_ = true;
  if (failure_ || !open_) return WEIR_CANCELLED;
  try {
    const weir_status status = body();
    plugins::RunningCall::handed_over();
    return status;
  } catch (const std::bad_alloc&) {
    return fail(base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.out_of_memory",
                                 "expected enough memory for the run, found none left"));
  } catch (const std::exception& exception) {
    return fail(base::make_error(base::Status::internal, base::Fault::host, "run.exception",
                                 std::string("expected no exception, found one that says: ") + exception.what()));
  }
}

Outlet::Outlet(OutletSetup setup, integrity::Account* account, TakeReject take_reject)
    : weir_next{sizeof(weir_next), push, select, reject, drop},
      setup_(std::move(setup)),
      account_(account),
      take_reject_(std::move(take_reject)) {}

void Outlet::begin(const Batch* in_hand, const Deliver* deliver) {
  in_hand_ = in_hand;
  from_ = in_hand == nullptr ? nullptr : in_hand->from;
  deliver_ = deliver;
  left_ = 0;
  rejected_rows_.clear();
  open_ = true;
  failure_.reset();
}

void Outlet::begin(std::shared_ptr<const Provenance> from, const Deliver* deliver) {
  begin(static_cast<const Batch*>(nullptr), deliver);
  from_ = std::move(from);
}

std::optional<base::Error> Outlet::used_late() {
  if (!std::exchange(late_, false)) return std::nullopt;
  return misbehaviour("push", "expected rows during the call that it was lent for, found some before or after");
}

std::optional<base::Error> Outlet::end() {
  open_ = false;
  for (auto& batch : pending_) {
    if (failure_) break;
    if (auto done = (*deliver_)(std::move(batch)); !done) failure_ = std::move(done).error();
  }
  pending_.clear();
  in_hand_ = nullptr;
  from_.reset();
  if (failure_) return std::exchange(failure_, std::nullopt);
  return used_late();
}

weir_status Outlet::push(const weir_next* self, std::uint64_t output, weir_batch* batch) {
  auto& outlet = *const_cast<Outlet*>(static_cast<const Outlet*>(self));
  weir::Array rows(&batch->rows);
  weir::Array origins(&batch->origins);
  return outlet.enter([&] { return outlet.take(output, std::move(rows), std::move(origins), batch->base); });
}

weir_status Outlet::take(std::uint64_t output, weir::Array rows, weir::Array origins, std::int64_t base) {
  if (output >= setup_.outputs->size()) {
    return fail(misbehaviour("push", "expected an output below " + std::to_string(setup_.outputs->size()) + ", found " +
                                         std::to_string(output)));
  }
  const ArrowSchema& schema = (*setup_.outputs)[output].get();
  auto shape = arrow::check_shape(rows.get(), schema);
  if (!shape) return fail(misbehaviour("push", shape.error().message));
  if (!shape->aligned) {
    auto aligned = arrow::realign(rows.get(), schema);
    if (!aligned) return fail(misbehaviour("push", aligned.error().message));
    rows = std::move(*aligned);
  }
  if (setup_.validate_full) {
    if (auto full = arrow::check_full(rows.get(), schema); !full)
      return fail(misbehaviour("push", full.error().message));
  }
  const auto length = static_cast<std::uint64_t>(rows->length);
  Batch out;
  out.from = from_;
  if (setup_.narrowing != nullptr) rows = setup_.narrowing->widen(std::move(rows));
  out.rows = arrow::SharedArray(std::move(rows));
  if (!origins.empty()) {
    if (auto traced = trace(origins.get(), base, out); !traced) return fail(std::move(traced).error());
  } else if (setup_.keeps_rows && in_hand_ != nullptr && in_hand_->rows.length() == out.rows.length()) {
    out.origins = in_hand_->origins;
    out.selection = in_hand_->selection;
  }
  const std::uint64_t rows_out = out.selection ? out.live() : length;
  out.output = output;
  account_->leave(output, rows_out);
  left_ += rows_out;
  return pass(std::move(out));
}

// A reader's origins are places in its stretch; a transformer's are rows of the batch in hand, whose own origins they become.
base::Result<void> Outlet::trace(const ArrowArray& origins, std::int64_t base, Batch& out) const {
  if (origins.length != out.rows.length() || origins.n_buffers != 2 || origins.buffers == nullptr ||
      (origins.length > 0 && origins.buffers[1] == nullptr) || origins.offset < 0 || origins.offset > kMaxOffset ||
      origins.null_count > 0 || reinterpret_cast<std::uintptr_t>(origins.buffers[1]) % alignof(std::uint32_t) != 0) {
    return base::unexpected(misbehaviour("push", "expected an origin for each of " + std::to_string(out.rows.length()) +
                                                     " rows, found " + std::to_string(origins.length)));
  }
  const auto count = static_cast<std::size_t>(origins.length);
  const auto* values = count == 0 ? nullptr : static_cast<const std::uint32_t*>(origins.buffers[1]) + origins.offset;
  if (in_hand_ == nullptr) {
    const std::uint32_t most = count == 0 ? 0 : *std::max_element(values, values + count);
    const auto from = base > 0 ? static_cast<std::uint64_t>(base) : 0;
    if (from > std::numeric_limits<std::uint32_t>::max() - most) return {};  // too far in to be kept: unknown
    out.origins.assign(values, values + count);
    if (from > 0) {
      for (auto& origin : out.origins) origin += static_cast<std::uint32_t>(from);
    }
    return {};
  }
  if (in_hand_->origins.empty()) return {};
  out.origins.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (values[i] >= in_hand_->origins.size()) {
      return base::unexpected(misbehaviour("push", "expected origins below " +
                                                       std::to_string(in_hand_->origins.size()) + ", found " +
                                                       std::to_string(values[i])));
    }
    out.origins[i] = in_hand_->origins[values[i]];
  }
  return {};
}

weir_status Outlet::select(const weir_next* self, std::uint64_t output, const std::uint32_t* rows,
                           std::uint64_t count) {
  auto& outlet = *const_cast<Outlet*>(static_cast<const Outlet*>(self));
  return outlet.enter([&] { return outlet.take_selection(output, rows, count); });
}

weir_status Outlet::take_selection(std::uint64_t output, const std::uint32_t* rows, std::uint64_t count) {
  if (in_hand_ == nullptr) return fail(misbehaviour("select", "expected a batch in hand, found none"));
  if (output >= setup_.outputs->size()) {
    return fail(misbehaviour("select", "expected an output below " + std::to_string(setup_.outputs->size()) +
                                           ", found " + std::to_string(output)));
  }
  return pass_selected(output, rows, count);
}

weir_status Outlet::pass_selected(std::uint64_t output, const std::uint32_t* rows, std::uint64_t count) {
  Batch out = *in_hand_;
  out.output = output;
  if (rows == nullptr) {
    count = out.live();
  } else {
    const auto length = static_cast<std::uint64_t>(in_hand_->rows.length());
    const std::uint32_t* last = std::max_element(rows, rows + count);
    if (count > 0 && *last >= length) {
      return fail(
          misbehaviour("select", "expected rows below " + std::to_string(length) + ", found " + std::to_string(*last)));
    }
    if (ascending(rows, count)) {
      out.selection.emplace(rows, rows + count);
    } else {
      auto gathered = arrow::gather(in_hand_->rows, *setup_.input, {rows, count});
      if (!gathered) return fail(std::move(gathered).error());
      out.selection.reset();
      out.rows = arrow::SharedArray(std::move(*gathered));
      if (!in_hand_->origins.empty()) {
        out.origins.resize(count);
        for (std::uint64_t i = 0; i < count; ++i) out.origins[i] = in_hand_->origins[rows[i]];
      }
    }
  }
  account_->leave(output, count);
  left_ += count;
  return count == 0 ? WEIR_OK : pass(std::move(out));
}

weir_status Outlet::reject(const weir_next* self, const weir_reject* reject) {
  auto& outlet = *const_cast<Outlet*>(static_cast<const Outlet*>(self));
  return outlet.enter([&] { return outlet.take_reject(*reject); });
}

weir_status Outlet::take_reject(const weir_reject& reject) {
  Reject kept;
  kept.column = copy_of(reject.column);
  kept.reason = copy_of(reject.reason);
  kept.detail = copy_of(reject.detail);
  kept.link = setup_.link;
  if (reject.row != WEIR_NO_ROW) {
    if (in_hand_ == nullptr || reject.row < 0 || reject.row >= in_hand_->rows.length()) {
      return fail(
          misbehaviour("reject", "expected a row of the batch in hand, found row " + std::to_string(reject.row)));
    }
    arrow::append_row_as_json(kept.row, in_hand_->rows.get(), *setup_.input, reject.row);
    kept.place = in_hand_->place(reject.row);
    came_from(in_hand_->from.get(), in_hand_->origin(reject.row), kept);
    rejected_rows_.push_back(static_cast<std::uint32_t>(reject.row));
  } else {
    kept.row = copy_of(reject.fields);
    kept.record = copy_of(reject.record);
    if (from_ != nullptr) kept.place = from_->place(reject.offset, WEIR_HAS(&reject, within) ? reject.within : -1);
    came_from(from_.get(), reject.offset, kept);
  }
  account_->rejected.add(kept.column.empty() ? kept.reason : kept.column + " " + kept.reason, 1);
  ++left_;
  if (auto taken = take_reject_(std::move(kept)); !taken) return fail(std::move(taken).error());
  return WEIR_OK;
}

weir_status Outlet::drop(const weir_next* self, std::uint64_t count, weir_string reason) {
  auto& outlet = *const_cast<Outlet*>(static_cast<const Outlet*>(self));
  return outlet.enter([&] {
    outlet.account_->dropped.add(copy_of(reason), count);
    outlet.left_ += count;
    return WEIR_OK;
  });
}

weir_status Outlet::pass(Batch batch) {
  pending_.push_back(std::move(batch));
  if (pending_.size() <= kMaxPending) return WEIR_OK;
  auto waiting = std::exchange(pending_, {});
  for (auto& next : waiting) {
    if (auto done = (*deliver_)(std::move(next)); !done) return fail(std::move(done).error());
  }
  return WEIR_OK;
}

weir_status Outlet::fail(base::Error error) {
  failure_ = std::move(error);
  return WEIR_CANCELLED;
}

base::Error Outlet::misbehaviour(const char* function, std::string_view what) const {
  return plugins::misbehaviour({setup_.plugin, setup_.link, function}, "plugin.misbehaviour", what);
}

}  // namespace weir::pipeline
