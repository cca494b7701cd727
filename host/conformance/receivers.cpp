// What a plugin calls during a life: each receiver takes what it gets, and looks at it as the header says.
#include "arrow/json.hpp"
#include "arrow/validate.hpp"
#include "conformance/session.hpp"

namespace weir::conformance {
namespace {

std::string lines_of(const ArrowArray& rows, const ArrowSchema& schema) {
  std::string text;
  for (std::int64_t row = 0; row < rows.length; ++row) {
    arrow::append_row_as_json(text, rows, schema, row);
    text += '\n';
  }
  return text;
}

void release(ArrowArray& array) {
  if (array.release != nullptr) array.release(&array);
}

}  // namespace

void Session::set_up_receivers() {
  const std::uint64_t later = knobs_.grown ? kLaterBytes : 0;
  schema_sink_ = {{sizeof(weir_schema_sink) + later, put_schema, same_schema}, this};
  next_ = {{sizeof(weir_next) + later, push, select, reject, drop}, this};
}

const weir_sink* Session::byte_sink(std::vector<std::string>& into) {
  byte_sinks_.push_back(std::make_unique<ByteSink>(ByteSink{{sizeof(weir_sink), put_bytes}, this, &into}));
  return byte_sinks_.back().get();
}

weir_status Session::callback(std::string_view function) {
  const std::string name = std::string(function) + "()";
  const std::lock_guard lock(mutex_);
  if (!running_) {
    observed_.emplace("callbacks-in-time", name + " was called outside the call that lent it");
    return WEIR_CANCELLED;
  }
  if (running_->thread != std::this_thread::get_id())
    observed_.emplace("callbacks-on-their-thread", name + " was called on another thread than the call that lent it");
  if (running_->refused) {
    observed_.emplace("stops-when-refused",
                      running_->refused_by + "() was answered with CANCELLED, and " + name + " was called after it");
    return WEIR_CANCELLED;
  }
  if (callbacks_++ != knobs_.refuse_at) return WEIR_OK;
  running_->refused = true;
  running_->refused_by = function;
  refused_ = true;
  return WEIR_CANCELLED;
}

void Session::told(ArrowSchema* schema) {
  auto kept = std::make_unique<weir::Schema>(schema);
  if (auto checked = kept->empty() ? fail("it was released already") : Step(arrow::check_rows_schema(kept->get()));
      !checked) {
    observe("schema-right", "a schema was told that can't be: " + checked.error().message);
    return;
  }
  outputs_.push_back(std::move(kept));
}

weir_status Session::put_schema(const weir_schema_sink* self, weir_string, ArrowSchema* schema) {
  Session& session = *static_cast<const SchemaSink*>(self)->session;
  const weir_status status = session.callback("put");
  if (status == WEIR_OK) {
    session.told(schema);
  } else if (schema->release != nullptr) {
    schema->release(schema);
  }
  return status;
}

weir_status Session::same_schema(const weir_schema_sink* self, weir_string, const ArrowSchema* schema) {
  Session& session = *static_cast<const SchemaSink*>(self)->session;
  const weir_status status = session.callback("same");
  if (status != WEIR_OK) return status;
  weir::Schema copy = weir::Schema::copy_of(*schema);
  session.told(copy.address());
  return WEIR_OK;
}

weir_status Session::put_bytes(const weir_sink* self, weir_bytes bytes) {
  const auto* sink = static_cast<const ByteSink*>(self);
  const weir_status status = sink->session->callback("put");
  if (status == WEIR_OK) sink->into->emplace_back(reinterpret_cast<const char*>(bytes.data), bytes.length);
  return status;
}

bool Session::known_output(std::uint64_t output, std::string_view function) {
  if (output < outputs_.size()) return true;
  observe("outputs-told", std::string(function) + "() named output " + std::to_string(output) + " of " +
                              std::to_string(outputs_.size()));
  return false;
}

weir_status Session::push(const weir_next* self, std::uint64_t output, weir_batch* batch) {
  Session& session = *static_cast<const Next*>(self)->session;
  const weir_status status = session.callback("push");
  if (status == WEIR_OK) session.take(output, batch);
  release(batch->rows);
  release(batch->origins);
  return status;
}

void Session::take(std::uint64_t output, weir_batch* batch) {
  if (!known_output(output, "push")) return;
  if (batch->rows.release == nullptr) return observe("rows-valid", "push() was given rows that were released already");
  const ArrowSchema& schema = outputs_[output]->get();
  const auto shape = arrow::check_shape(batch->rows, schema);
  if (!shape)
    return observe("rows-fit-schema", "rows were pushed that don't fit the schema told: " + shape.error().message);
  if (!shape->aligned) return observe("buffers-aligned", "rows were pushed in a buffer that is not aligned to 8 bytes");
  const auto full = arrow::check_full(batch->rows, schema);
  if (!full) return observe("rows-valid", "rows were pushed that can't be: " + full.error().message);
  watch_origins(*batch);
  if (batch->selected != nullptr) observe("selection-only-lent", "push() was given a batch with a selection");
  running_->rows_out += batch->rows.length;
  Pushed pushed{weir::Array(&batch->rows), &schema, ""};
  pushed.text = lines_of(pushed.rows.get(), schema);
  const std::string prefix = std::to_string(output) + " ";
  for (std::size_t at = 0; at < pushed.text.size();) {
    const std::size_t end = pushed.text.find('\n', at);
    rows_.push_back(prefix + pushed.text.substr(at, end - at));
    at = end + 1;
  }
  pushed_.push_back(std::move(pushed));
}

void Session::watch_origins(const weir_batch& batch) {
  if (batch.origins.release == nullptr) return;
  if (batch.origins.length != batch.rows.length || batch.origins.n_buffers != 2 || batch.origins.buffers[1] == nullptr)
    return observe("origins-in-hand", "origins are not a uint32 for each row that is pushed");
  if (in_hand_ == nullptr) return;
  const auto* origins = static_cast<const std::uint32_t*>(batch.origins.buffers[1]) + batch.origins.offset;
  for (std::int64_t i = 0; i < batch.origins.length; ++i) {
    if (origins[i] < in_hand_->length()) continue;
    return observe("origins-in-hand", "an origin is row " + std::to_string(origins[i]) + " of a batch of " +
                                          std::to_string(in_hand_->length()));
  }
}

weir_status Session::select(const weir_next* self, std::uint64_t output, const std::uint32_t* rows,
                            std::uint64_t count) {
  Session& session = *static_cast<const Next*>(self)->session;
  const weir_status status = session.callback("select");
  if (status == WEIR_OK) session.choose(output, rows, count);
  return status;
}

void Session::choose(std::uint64_t output, const std::uint32_t* rows, std::uint64_t count) {
  if (!known_output(output, "select")) return;
  if (in_hand_ == nullptr) return observe("selects-in-hand", "select() was called with no batch in hand");
  const auto length = static_cast<std::uint64_t>(in_hand_->length());
  if (rows == nullptr) count = length;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t row = rows == nullptr ? i : rows[i];
    if (row >= length)
      return observe("selects-in-hand",
                     "row " + std::to_string(row) + " was selected of a batch of " + std::to_string(length));
    std::string text = std::to_string(output) + " ";
    arrow::append_row_as_json(text, in_hand_->get(), *in_hand_schema_, static_cast<std::int64_t>(row));
    rows_.push_back(std::move(text));
  }
  running_->rows_out += static_cast<std::int64_t>(count);
}

weir_status Session::reject(const weir_next* self, const weir_reject* reject) {
  Session& session = *static_cast<const Next*>(self)->session;
  const weir_status status = session.callback("reject");
  if (status == WEIR_OK) session.watch_reject(*reject);
  return status;
}

void Session::watch_reject(const weir_reject& reject) {
  ++running_->rows_out;
  if (reject.reason.length == 0) observe("rejects-say-why", "a row was rejected without a reason");
  const std::int64_t rows = in_hand_ == nullptr ? 0 : in_hand_->length();
  if (in_hand_ == nullptr ? reject.row != WEIR_NO_ROW : reject.row < 0 || reject.row >= rows)
    observe("rejects-in-hand",
            "row " + std::to_string(reject.row) + " was rejected of a batch of " + std::to_string(rows));
  std::string text = "rejected " + std::string(text_of(reject.reason)) + " ";
  if (reject.row >= 0 && reject.row < rows)
    arrow::append_row_as_json(text, in_hand_->get(), *in_hand_schema_, reject.row);
  rows_.push_back(std::move(text));
}

weir_status Session::drop(const weir_next* self, std::uint64_t count, weir_string reason) {
  Session& session = *static_cast<const Next*>(self)->session;
  const weir_status status = session.callback("drop");
  if (status != WEIR_OK) return status;
  if (reason.length == 0) session.observe("drops-say-why", "rows were dropped without a reason");
  session.running_->rows_out += static_cast<std::int64_t>(count);
  return WEIR_OK;
}

Step Session::lend(const arrow::SharedArray& rows, const ArrowSchema& schema,
                   const std::function<Step(weir_batch* batch)>& use) {
  struct {
    weir_batch batch;
    char later[kLaterBytes];
  } lent{};
  weir_batch_clear(&lent.batch);
  if (knobs_.grown) lent.batch.size += kLaterBytes;
  lent.batch.rows = rows.view().release();
  const std::string before = lines_of(rows.get(), schema);
  in_hand_ = &rows;
  in_hand_schema_ = &schema;
  Step used = use(&lent.batch);
  in_hand_ = nullptr;
  release(lent.batch.rows);
  if (lines_of(rows.get(), schema) != before)
    observe("lent-rows-unwritten", "a call wrote to the buffers of the rows that it was lent");
  return used;
}

void Session::each_row(const ArrowArray& rows, const ArrowSchema& schema,
                       const std::function<void(std::string row)>& use) {
  for (std::int64_t row = 0; row < rows.length; ++row) {
    std::string text;
    arrow::append_row_as_json(text, rows, schema, row);
    use(std::move(text));
  }
}

void Session::settle() {
  for (const Pushed& pushed : pushed_) {
    if (lines_of(pushed.rows.get(), *pushed.schema) != pushed.text)
      observe("rows-outlive-instance", "rows that were pushed had other values once their instance was gone");
  }
  if (knobs_.release_elsewhere) {
    std::thread([this] { pushed_.clear(); }).join();
  }
  pushed_.clear();
}

}  // namespace weir::conformance
