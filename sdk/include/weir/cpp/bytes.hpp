// Bytes in, bytes out: what formats read from and write to, and the base classes of what a storage opens.
#pragma once

#include <memory>
#include <span>

#include "context.hpp"

namespace weir {

// A run of bytes to read, made by the host or a storage. Owns nothing; valid as long as the struct. Threads: one read() at a
// time, read_at() [any]. Errors of the storage are thrown on as a Failure.
class Input {
 public:
  explicit Input(const weir_input* raw) : raw_(raw) {}
  // Bytes in all; -1: unknown.
  std::int64_t length() const { return raw_->length; }
  // Reads up to `capacity` bytes from where the last read() ended; sets *end at the end of the input. Gives the count.
  std::uint64_t read(std::uint8_t* buffer, std::uint64_t capacity, bool* end, std::int64_t deadline = INT64_MAX) const {
    std::uint64_t got = 0;
    std::int32_t outcome = WEIR_READ_MORE;
    weir_error error{};
    weir_error_clear(&error);
    pass(raw_->read(raw_, deadline, buffer, capacity, &got, &outcome, &error), error);
    *end = outcome == WEIR_READ_END;
    return got;
  }
  // Whether read_at() may be called.
  bool can_seek() const { return WEIR_CAN(raw_, read_at); }
  // Reads at an offset; fewer bytes than asked for mean the end. Precondition: can_seek().
  std::uint64_t read_at(std::uint64_t offset, std::uint8_t* buffer, std::uint64_t capacity) const {
    std::uint64_t got = 0;
    weir_error error{};
    weir_error_clear(&error);
    pass(raw_->read_at(raw_, offset, buffer, capacity, &got, &error), error);
    return got;
  }
  const weir_input* raw() const { return raw_; }

 private:
  static void pass(weir_status status, const weir_error& error) {
    if (status == WEIR_OK) return;
    throw Failure(status, error.fault, error.message).hint(error.hint).object(error.object).native(error.native_code);
  }
  const weir_input* raw_;
};

// A run of bytes to write, made by the host. Owns nothing. Threads: one call at a time. Errors of the storage are thrown on
// as a Failure.
class Output {
 public:
  explicit Output(const weir_output* raw) : raw_(raw) {}
  std::int64_t written() const { return raw_->written; }
  void write(const void* bytes, std::size_t count) const {
    weir_error error{};
    weir_error_clear(&error);
    const weir_status status = raw_->write(raw_, {static_cast<const std::uint8_t*>(bytes), count}, &error);
    if (status == WEIR_OK) return;
    throw Failure(status, error.fault, error.message).hint(error.hint).object(error.object).native(error.native_code);
  }

 private:
  const weir_output* raw_;
};

// What a storage opens to read. A storage's open_read() gives one; the wrapper makes a weir_input of it. Threads: one call at
// a time, but read_at() by many at once, and cancel().
class StoredInput {
 public:
  StoredInput() = default;
  StoredInput(const StoredInput&) = delete;
  StoredInput& operator=(const StoredInput&) = delete;
  virtual ~StoredInput() = default;
  // Bytes in all; -1: unknown.
  virtual std::int64_t length() const { return -1; }
  // Reads from where the last read() ended; gives WEIR_READ_MORE, _IDLE or _END.
  virtual std::int32_t read(std::int64_t deadline, std::span<std::uint8_t> buffer, std::uint64_t& got) = 0;
  // Whether read_at() can be called; it reads at an offset, and gives fewer bytes than asked for only at the end.
  virtual bool can_seek() const { return false; }
  virtual std::uint64_t read_at(std::uint64_t /*offset*/, std::span<std::uint8_t> /*buffer*/) { return 0; }
  virtual void cancel() noexcept {}
};

// What a storage opens to write: staged until its committable is committed.
class StoredOutput {
 public:
  StoredOutput() = default;
  StoredOutput(const StoredOutput&) = delete;
  StoredOutput& operator=(const StoredOutput&) = delete;
  virtual ~StoredOutput() = default;  // discards what was not prepared
  // Whether prepare() may be called again, after more bytes; `written`: the bytes that are there already, where one goes on.
  virtual bool continues() const { return false; }
  virtual std::int64_t written() const { return 0; }
  // Appends all of `bytes`.
  virtual void write(std::string_view bytes) = 0;
  // Makes all bytes so far durable, tells the committable.
  virtual void prepare(const Sink& committable, weir_receipt& receipt) = 0;
  virtual void cancel() noexcept {}
};

namespace detail {

struct InputTable : weir_input {
  std::unique_ptr<StoredInput> stored;
};

inline StoredInput& stored(const weir_input* self) { return *static_cast<const InputTable*>(self)->stored; }

inline weir_status input_read(const weir_input* self, std::int64_t deadline, std::uint8_t* buffer,
                              std::uint64_t capacity, std::uint64_t* got, std::int32_t* outcome, weir_error* error) {
  return at_edge(error, [&] { *outcome = stored(self).read(deadline, {buffer, capacity}, *got); });
}
inline weir_status input_read_at(const weir_input* self, std::uint64_t offset, std::uint8_t* buffer,
                                 std::uint64_t capacity, std::uint64_t* got, weir_error* error) {
  return at_edge(error, [&] { *got = stored(self).read_at(offset, {buffer, capacity}); });
}
inline void input_close(const weir_input* self) { delete static_cast<const InputTable*>(self); }
inline void input_cancel(const weir_input* self) { stored(self).cancel(); }

inline const weir_input* make_input(std::unique_ptr<StoredInput> opened) {
  auto table = std::make_unique<InputTable>();
  table->size = sizeof(weir_input);
  table->length = opened->length();
  table->read = input_read;
  table->read_at = opened->can_seek() ? input_read_at : nullptr;
  table->map = nullptr;
  table->close = input_close;
  table->cancel = input_cancel;
  table->stored = std::move(opened);
  return table.release();
}

struct OutputTable : weir_output {
  std::unique_ptr<StoredOutput> stored;
};

inline StoredOutput& stored(const weir_output* self) { return *static_cast<const OutputTable*>(self)->stored; }

inline weir_status output_write(const weir_output* self, weir_bytes bytes, weir_error* error) {
  return at_edge(error, [&] { stored(self).write(to_view(bytes)); });
}
inline weir_status output_prepare(const weir_output* self, const weir_sink* committable, weir_receipt* receipt,
                                  weir_error* error) {
  return at_edge(error, [&] { stored(self).prepare(Sink(committable), *receipt); });
}
inline void output_close(const weir_output* self) { delete static_cast<const OutputTable*>(self); }
inline void output_cancel(const weir_output* self) { stored(self).cancel(); }

inline const weir_output* make_output(std::unique_ptr<StoredOutput> opened) {
  auto table = std::make_unique<OutputTable>();
  table->size = sizeof(weir_output);
  table->continues = opened->continues() ? 1 : 0;
  table->reserved = 0;
  table->written = opened->written();
  table->write = output_write;
  table->prepare = output_prepare;
  table->close = output_close;
  table->cancel = output_cancel;
  table->stored = std::move(opened);
  return table.release();
}

}  // namespace detail
}  // namespace weir
