// Format: rows from bytes (a Reader, perhaps one whose records can be parsed apart) and bytes from rows (an Encoder).
#pragma once

#include <memory>
#include <string_view>

#include "../ext/chunked.h"
#include "bytes.hpp"
#include "reader.hpp"

namespace weir {

// Writes rows as bytes. T derives from it and has T(const Context&, const ArrowSchema& input, const Outputs& stored,
// Output). Threads: one call at a time.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;
  virtual void encode(Batch& batch, const Next& next) = 0;
  // Writes what a file ends with.
  virtual void end() {}
  // Makes all rows so far be in the output, while more may follow.
  virtual void flush() {}
};

// A format: R is its reader or void, E its encoder or void, S has static int32_t sniff(const weir_sniff&).
//   R(const Context&, Input, std::string_view position, const Outputs&)
// If R has start(), boundary() and parse(), its records can be parsed apart (ext/chunked.h):
//   std::uint64_t start();
//   std::uint64_t boundary(std::string_view bytes, std::uint64_t (&state)[4]) const;
//   void parse(std::string_view chunk, const Next&) const;
//   void finish(const std::uint64_t (&state)[4]) const;  // if an input may not end just anywhere
// If R can leave columns out (ext/pushdown.h), it takes one argument more: const weir_wanted*, null for all of them. The
// schema agreed (Context::expected()) is then that of all columns or of the wanted ones.

namespace detail {

template <class S>
std::int32_t sniff(const weir_sniff* sniff) {
  try {
    return S::sniff(*sniff);
  } catch (...) {
    return 0;
  }
}

template <class R>
weir_status open_reader(const weir_context* context, const weir_input* input, weir_bytes position,
                        const weir_schema_sink* schema, void** self, weir_error* error) {
  return at_edge(error, [&] {
    *self = std::make_unique<R>(Context(context), Input(input), to_view(position), Outputs(schema)).release();
  });
}

template <class E>
weir_status open_encoder(const weir_context* context, const ArrowSchema* input, const weir_schema_sink* stored,
                         const weir_output* output, void** self, weir_error* error) {
  return at_edge(
      error, [&] { *self = std::make_unique<E>(Context(context), *input, Outputs(stored), Output(output)).release(); });
}

template <class E>
weir_status encode(void* self, weir_batch* batch, const weir_next* next, weir_error* error) {
  return at_edge(error, [&] {
    Batch in_hand(batch);
    as<E>(self).encode(in_hand, Next(next));
  });
}
template <class E>
weir_status end_encoder(void* self, weir_error* error) {
  return at_edge(error, [&] { as<E>(self).end(); });
}
template <class E>
weir_status flush_encoder(void* self, weir_error* error) {
  return at_edge(error, [&] { as<E>(self).flush(); });
}

template <class R, class E, class S>
constexpr weir_format format_table() {
  weir_format table{};
  table.size = sizeof table;
  table.sniff = sniff<S>;
  if constexpr (!std::is_void_v<R>) {
    table.open_reader = open_reader<R>;
    table.reader = &kReader<R>;
  }
  if constexpr (!std::is_void_v<E>) {
    table.open_encoder = open_encoder<E>;
    table.encode = encode<E>;
    table.end = end_encoder<E>;
    table.flush = std::is_same_v<decltype(&E::flush), decltype(&Encoder::flush)> ? nullptr : flush_encoder<E>;
    table.close_encoder = destroy<E>;
  }
  return table;
}

template <class R, class E, class S>
inline constexpr weir_format kFormat = format_table<R, E, S>();

template <class R>
weir_status chunk_start(void* self, std::uint64_t* offset, weir_error* error) {
  return at_edge(error, [&] { *offset = as<R>(self).start(); });
}
template <class R>
weir_status chunk_boundary(const void* self, weir_bytes bytes, std::uint64_t state[4], std::uint64_t* end,
                           weir_error* error) {
  return at_edge(error, [&] {
    *end = static_cast<const R*>(self)->boundary(to_view(bytes), *reinterpret_cast<std::uint64_t(*)[4]>(state));
  });
}
template <class R>
weir_status chunk_parse(const void* self, weir_bytes chunk, const weir_next* next, weir_error* error) {
  return at_edge(error, [&] { static_cast<const R*>(self)->parse(to_view(chunk), Next(next)); });
}

template <class R>
weir_status chunk_finish(const void* self, const std::uint64_t state[4], weir_error* error) {
  return at_edge(error,
                 [&] { static_cast<const R*>(self)->finish(*reinterpret_cast<const std::uint64_t(*)[4]>(state)); });
}

template <class R>
constexpr weir_chunked chunked_table() {
  weir_chunked table{sizeof(weir_chunked), chunk_start<R>, chunk_boundary<R>, chunk_parse<R>, nullptr};
  if constexpr (requires(const R& reader, const std::uint64_t(&state)[4]) { reader.finish(state); })
    table.finish = chunk_finish<R>;
  return table;
}

template <class R>
inline constexpr weir_chunked kChunked = chunked_table<R>();

template <class R>
concept ParsesChunks =
    requires(const R& reader, std::string_view chunk, const Next& next) { reader.parse(chunk, next); };

template <class R>
concept LeavesColumnsOut =
    std::is_constructible_v<R, const Context&, Input, std::string_view, const Outputs&, const weir_wanted*>;

template <class R>
weir_status open_narrow(const weir_context* context, const weir_input* input, weir_bytes position,
                        const weir_wanted* wanted, const weir_schema_sink* schema, void** self, weir_error* error) {
  return at_edge(error, [&] {
    *self = std::make_unique<R>(Context(context), Input(input), to_view(position), Outputs(schema), wanted).release();
  });
}

template <class R>
inline constexpr weir_pushdown kPushdown = {sizeof(weir_pushdown), nullptr, open_narrow<R>};

}  // namespace detail
}  // namespace weir
