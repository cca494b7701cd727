// What a host gives, for C++: configuration, context, batches, where rows go. All are thin, own nothing, and are valid
// as long as the struct behind them; weir.h says how long that is, and which threads may call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "array.hpp"
#include "failure.hpp"

namespace weir {

// Views of the same bytes, of C++ and of the ABI; nothing is copied.
inline weir_string to_weir(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view to_view(weir_string text) { return {text.data, text.length}; }
inline weir_bytes to_bytes(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
inline std::string_view to_view(weir_bytes bytes) { return {reinterpret_cast<const char*>(bytes.data), bytes.length}; }

// The component's options: checked against its schema, defaults filled in, so getters can't fail. Paths are JSON
// pointers ("/columns/0"). Absent gives zero or empty. [any]
class Config {
 public:
  explicit Config(const weir_config* raw) : raw_(raw) {}
  // All of it, as JSON.
  std::string_view json() const { return to_view(raw_->json); }
  // The value of one type; of another type or absent: empty or zero.
  std::string_view text(std::string_view path) const { return to_view(raw_->text(raw_, to_weir(path))); }
  std::int64_t integer(std::string_view path) const { return raw_->integer(raw_, to_weir(path)); }
  double number(std::string_view path) const { return raw_->number(raw_, to_weir(path)); }
  bool boolean(std::string_view path) const { return raw_->boolean(raw_, to_weir(path)) != 0; }
  // Items of a list, members of an object; the WEIR_CONFIG_... of a value; whether there is one that is not null; the name of
  // member `index`.
  std::uint64_t count(std::string_view path) const { return raw_->count(raw_, to_weir(path)); }
  std::int32_t kind(std::string_view path) const { return raw_->kind(raw_, to_weir(path)); }
  bool has(std::string_view path) const { return kind(path) != WEIR_CONFIG_ABSENT && kind(path) != WEIR_CONFIG_NULL; }
  std::string_view key(std::string_view path, std::uint64_t index) const {
    return to_view(raw_->key(raw_, to_weir(path), index));
  }
  const weir_config* raw() const { return raw_; }

 private:
  const weir_config* raw_;
};

// The JSON pointer to member `member` of the option at `parent`, for Config and Failure::option(): "/types", "a/b" give
// "/types/a~1b" (RFC 6901).
inline std::string pointer_to(std::string_view parent, std::string_view member) {
  std::string pointer = std::string(parent) + "/";
  for (const char byte : member) {
    if (byte == '~') {
      pointer += "~0";
    } else if (byte == '/') {
      pointer += "~1";
    } else {
      pointer += byte;
    }
  }
  return pointer;
}

// Who an instance is, and its host. [any]
class Context {
 public:
  explicit Context(const weir_context* raw) : raw_(raw) {}
  Config config() const { return Config(raw_->config); }
  // Who it is: run, link and lane; the copy of the link among those that run side by side; the fence, which grows with each
  // attempt at the run; the epoch; how it is committed (WEIR_COMMIT_...).
  std::string_view run() const { return to_view(raw_->run); }
  std::string_view link() const { return to_view(raw_->link); }
  std::string_view lane() const { return to_view(raw_->lane); }
  std::uint64_t instance() const { return raw_->instance; }
  std::uint64_t fence() const { return raw_->fence; }
  std::uint64_t epoch() const { return raw_->epoch; }
  std::int32_t commit() const { return raw_->commit; }
  // Which of the extractor's streams it is about (discover.hpp); empty: its only one.
  std::string_view stream(std::uint64_t i = 0) const {
    return i >= raw_->stream_count ? std::string_view() : to_view(raw_->streams[i]);
  }
  // The schema agreed for stream i, or null: a reader's (weir_context::expected).
  const ArrowSchema* expected(std::uint64_t i = 0) const {
    return raw_->expected == nullptr || i >= raw_->stream_count ? nullptr : raw_->expected[i];
  }
  // Whether to stop soon; the host's clock, in nanoseconds, for deadlines.
  bool cancelled() const { return raw_->host->cancelled(raw_->host) != 0; }
  std::int64_t now() const { return raw_->host->now(raw_->host); }
  // Writes to the host's log: `event` a constant name ("csv.sniffed"), `detail` a JSON object or empty.
  void log(std::int32_t level, std::string_view event, std::string_view detail = {}) const {
    raw_->host->log(raw_->host, level, to_weir(event), to_weir(detail));
  }
  // The host's table for an extension, or null.
  const void* extension(std::string_view id) const { return raw_->host->extension(raw_->host, to_weir(id)); }
  const weir_context* raw() const { return raw_; }

 private:
  const weir_context* raw_;
};

// Receives bytes, one item a call. Throws Stop.
class Sink {
 public:
  explicit Sink(const weir_sink* raw) : raw_(raw) {}
  void put(std::string_view bytes) const { check(raw_->put(raw_, to_bytes(bytes))); }

 private:
  const weir_sink* raw_;
};

// Receives the schema of each output in turn. Throws Stop.
class Outputs {
 public:
  explicit Outputs(const weir_schema_sink* raw) : raw_(raw) {}
  // The next output has a schema of its own, or (same) that of an input. `name`: what branches call it.
  void put(Schema schema, std::string_view name = {}) const { check(raw_->put(raw_, to_weir(name), schema.address())); }
  void same(const ArrowSchema& schema, std::string_view name = {}) const {
    check(raw_->same(raw_, to_weir(name), &schema));
  }

 private:
  const weir_schema_sink* raw_;
};

// The batch in hand. Lent for the call; take() moves its rows out, to push or keep.
class Batch {
 public:
  explicit Batch(weir_batch* raw) : raw_(raw) {}
  // Rows. Those of a slice are rows() from outer() on.
  std::int64_t length() const { return raw_->rows.length; }
  const ArrowArray& rows() const { return raw_->rows; }
  // Column i of the rows. Views of it need outer() too, for rows may be a slice.
  const ArrowArray& column(std::int64_t i) const { return *raw_->rows.children[i]; }
  std::int64_t outer() const { return raw_->rows.offset; }
  // Moves the rows out; the batch has none afterwards.
  Array take() { return Array(&raw_->rows); }
  weir_batch* raw() { return raw_; }

 private:
  weir_batch* raw_;
};

// Makes the weir_reject of row `row` of the batch in hand. The texts must live until reject() returns.
inline weir_reject rejected_row(std::int64_t row, std::string_view column, std::string_view reason,
                                std::string_view detail = {}) {
  weir_reject reject{};
  weir_reject_clear(&reject);
  reject.row = row;
  reject.column = to_weir(column);
  reject.reason = to_weir(reason);
  reject.detail = to_weir(detail);
  return reject;
}

// Where rows go. Lent for the call, for its thread. Every function throws Stop if the host wants no more.
class Next {
 public:
  explicit Next(const weir_next* raw) : raw_(raw) {}

  // Passes rows on. `origins`, if given, is a uint32 array: row i came from row origins[i] of the batch in hand (a
  // reader's: its record begins at base + origins[i]).
  void push(Array rows, std::uint64_t output = 0, Array origins = {}, std::int64_t base = -1) const {
    weir_batch batch{};
    weir_batch_clear(&batch);
    batch.rows = rows.release();
    batch.origins = origins.release();
    batch.base = base;
    check(raw_->push(raw_, output, &batch));
  }
  // Passes on rows[0..count) of the batch in hand; null and 0: all of it.
  void select(const std::uint32_t* rows, std::uint64_t count, std::uint64_t output = 0) const {
    check(raw_->select(raw_, output, rows, count));
  }
  void select_all(std::uint64_t output = 0) const { select(nullptr, 0, output); }
  // Rejects a row of the batch in hand (rejected_row() makes one); counts rows that are dropped on purpose. Reasons are few
  // and constant: "out of range", not "out of range: 17".
  void reject(const weir_reject& reject) const { check(raw_->reject(raw_, &reject)); }
  void drop(std::uint64_t count, std::string_view reason) const { check(raw_->drop(raw_, count, to_weir(reason))); }
  const weir_next* raw() const { return raw_; }

 private:
  const weir_next* raw_;
};

}  // namespace weir
