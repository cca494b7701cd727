// Storage, codec and connection: the base classes of what stands under formats and loaders.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "bytes.hpp"
#include "transformer.hpp"

namespace weir {

// Receives objects, one a call: name, size (-1: unknown), time of change (ns since 1970, 0: unknown), version and checksum
// (empty: none). Throws Stop. Lent for one call.
class Objects {
 public:
  explicit Objects(const weir_object_sink* raw) : raw_(raw) {}
  void put(std::string_view name, std::int64_t bytes = -1, std::int64_t modified_ns = 0, std::string_view version = {},
           std::string_view checksum = {}) const {
    weir_object object{};
    object.size = sizeof object;
    object.name = to_weir(name);
    object.bytes = bytes;
    object.modified_ns = modified_ns;
    object.version = to_weir(version);
    object.checksum = to_weir(checksum);
    check(raw_->put(raw_, &object));
  }

 private:
  const weir_object_sink* raw_;
};

// Named objects of bytes. T derives from it and has T(const Context&). Threads: [any] but the destructor, many at once.
class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;
  // Lists what begins with `prefix`, in the order of names, after the name `after` (empty: from the first).
  virtual void list(std::string_view prefix, std::string_view after, const Objects& objects) = 0;
  // Tells one object, or throws a Failure with WEIR_NOT_FOUND.
  virtual void stat(std::string_view name, const Objects& object) = 0;
  // Opens the version, if not empty, or throws a Failure with WEIR_FAILED_PRECONDITION.
  virtual std::unique_ptr<StoredInput> open_read(std::string_view name, std::string_view version) = 0;
  // Opens a staged object, which gets its name by commit(); what marks it, and what `resume` means: weir_storage::open_write.
  virtual std::unique_ptr<StoredOutput> open_write(const Context& context, std::string_view name, std::uint64_t epoch,
                                                   std::string_view resume) = 0;
  // Gives the object its name. Idempotent, as is abort(), which discards it.
  virtual void commit(std::string_view committable) = 0;
  virtual void abort(std::string_view committable) = 0;
  // Aborts what dead writers of this run, link and lane staged, but what is in `keep` (weir_storage::sweep).
  virtual void sweep(const Context& context, std::span<const weir_bytes> keep) = 0;
  virtual void remove(std::string_view name) = 0;
  // Makes running calls return soon. [any]
  virtual void cancel() noexcept {}
};

// Bytes to bytes: a pure state machine. T derives from it and has T(const Context&, bool compress) and
// static int32_t sniff(const weir_sniff&). Threads: one call at a time.
class Codec {
 public:
  // What one step did; `done`: the stream has ended, the next call begins another.
  struct Step {
    std::uint64_t consumed = 0;
    std::uint64_t produced = 0;
    bool done = false;
  };
  Codec() = default;
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  virtual ~Codec() = default;
  // Consumes some of `in`, writes some of `out`. `last`: no more input after this. Nothing consumed or written means: more
  // input, or more room. Throws a Failure with WEIR_DATA_LOSS for bytes that are not a stream of its kind.
  virtual Step step(std::string_view in, bool last, std::span<std::uint8_t> out) = 0;
};

// A codec whose two ways are two classes, each with T(const Context&) and step() as a codec's. T derives from it and has sniff().
template <class Compressor, class Decompressor>
class TwoWayCodec : public Codec {
 public:
  TwoWayCodec(const Context& context, bool compress) {
    if (compress) {
      compressor_.emplace(context);
    } else {
      decompressor_.emplace(context);
    }
  }
  Step step(std::string_view in, bool last, std::span<std::uint8_t> out) override {
    return compressor_ ? compressor_->step(in, last, out) : decompressor_->step(in, last, out);
  }

 private:
  std::optional<Compressor> compressor_;
  std::optional<Decompressor> decompressor_;
};

// One session with a system. T derives from it and has T(const Context&), which connects. Threads: one call at a time.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;
  // Is it usable? Puts it back in its first state too; throws a Failure if not.
  virtual void ping() = 0;
  virtual void cancel() noexcept {}
};

namespace detail {

template <class T>
weir_status create_from_context(const weir_context* context, void** self, weir_error* error) {
  return at_edge(error, [&] { *self = std::make_unique<T>(Context(context)).release(); });
}

template <class T>
struct StorageThunks {
  static weir_status list(void* self, weir_string prefix, weir_string after, const weir_object_sink* objects,
                          weir_error* error) {
    return at_edge(error, [&] { as<T>(self).list(to_view(prefix), to_view(after), Objects(objects)); });
  }
  static weir_status stat(void* self, weir_string name, const weir_object_sink* object, weir_error* error) {
    return at_edge(error, [&] { as<T>(self).stat(to_view(name), Objects(object)); });
  }
  static weir_status open_read(void* self, weir_string name, weir_string version, const weir_input** input,
                               weir_error* error) {
    return at_edge(error, [&] { *input = make_input(as<T>(self).open_read(to_view(name), to_view(version))); });
  }
  static weir_status open_write(void* self, const weir_context* context, weir_string name, std::uint64_t epoch,
                                weir_bytes resume, const weir_output** output, weir_error* error) {
    return at_edge(error, [&] {
      *output = make_output(as<T>(self).open_write(Context(context), to_view(name), epoch, to_view(resume)));
    });
  }
  static weir_status commit(void* self, weir_bytes committable, weir_error* error) {
    return at_edge(error, [&] { as<T>(self).commit(to_view(committable)); });
  }
  static weir_status abort(void* self, weir_bytes committable, weir_error* error) {
    return at_edge(error, [&] { as<T>(self).abort(to_view(committable)); });
  }
  static weir_status sweep(void* self, const weir_context* context, const weir_bytes* keep, std::uint64_t count,
                           weir_error* error) {
    return at_edge(error, [&] { as<T>(self).sweep(Context(context), {keep, count}); });
  }
  static weir_status remove(void* self, weir_string name, weir_error* error) {
    return at_edge(error, [&] { as<T>(self).remove(to_view(name)); });
  }
};

template <class T>
inline constexpr weir_storage kStorage = {
    sizeof(weir_storage),         create_from_context<T>,   destroy<T>,
    StorageThunks<T>::list,       StorageThunks<T>::stat,   StorageThunks<T>::open_read,
    StorageThunks<T>::open_write, StorageThunks<T>::commit, StorageThunks<T>::abort,
    StorageThunks<T>::sweep,      StorageThunks<T>::remove, cancel<T>};

template <class T>
std::int32_t sniff_codec(const weir_sniff* sniff) {
  try {
    return T::sniff(*sniff);
  } catch (...) {
    return 0;
  }
}
template <class T>
weir_status create_codec(const weir_context* context, std::int32_t compress, void** self, weir_error* error) {
  return at_edge(error, [&] { *self = std::make_unique<T>(Context(context), compress != 0).release(); });
}
template <class T>
weir_status step_codec(void* self, weir_bytes in, std::int32_t last, std::uint8_t* out, std::uint64_t capacity,
                       std::uint64_t* consumed, std::uint64_t* produced, std::int32_t* done, weir_error* error) {
  return at_edge(error, [&] {
    const Codec::Step step = as<T>(self).step(to_view(in), last != 0, {out, capacity});
    *consumed = step.consumed;
    *produced = step.produced;
    *done = step.done ? 1 : 0;
  });
}

template <class T>
inline constexpr weir_codec kCodec = {sizeof(weir_codec), sniff_codec<T>, create_codec<T>, destroy<T>, step_codec<T>};

template <class T>
weir_status ping(void* self, weir_error* error) {
  return at_edge(error, [&] { as<T>(self).ping(); });
}

template <class T>
inline constexpr weir_connection kConnection = {sizeof(weir_connection), create_from_context<T>, ping<T>, destroy<T>,
                                                cancel<T>};

}  // namespace detail
}  // namespace weir
