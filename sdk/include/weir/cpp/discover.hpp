// weir.discover/1 for C++: an extractor that has several streams lists them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../ext/discover.h"
#include "context.hpp"

namespace weir {

// A stream, as its extractor tells it. Texts are lent for the call that takes it.
struct StreamInfo {
  std::string_view name;         // as the source writes it: stream_name() of its parts
  std::string_view description;  // may be empty
  std::string_view keys;         // columns of its primary key, a JSON array; empty: none, or not known
  std::string_view cursors;      // columns that only grow, best first, a JSON array
  std::int64_t rows = -1;        // estimates; -1: not known
  std::int64_t bytes = -1;
};

// Receives streams, in the order of their names. Throws Stop. Lent for one call.
class StreamSink {
 public:
  explicit StreamSink(const weir_stream_sink* raw) : raw_(raw) {}
  // `schema`: of its rows, as far as that is known before they are read; empty: not at all.
  void put(const StreamInfo& info, Schema schema = {}) const {
    weir_stream stream{};
    stream.size = sizeof stream;
    stream.name = to_weir(info.name);
    stream.description = to_weir(info.description);
    stream.keys = to_weir(info.keys);
    stream.cursors = to_weir(info.cursors);
    stream.rows = info.rows;
    stream.bytes = info.bytes;
    check(raw_->put(raw_, &stream, schema.empty() ? nullptr : schema.address()));
  }

 private:
  const weir_stream_sink* raw_;
};

// A stream's name, of its parts ("public", "orders"), joined by dots. One that would not come back so (it holds a dot or a double
// quote, or nothing) stands in double quotes, those within it doubled.
inline std::string stream_name(const std::vector<std::string_view>& parts) {
  std::string name;
  for (const std::string_view part : parts) {
    if (!name.empty()) name += '.';
    if (!part.empty() && part.find_first_of(".\"") == std::string_view::npos) {
      name += part;
      continue;
    }
    name += '"';
    for (const char byte : part) name += byte == '"' ? std::string(2, '"') : std::string(1, byte);
    name += '"';
  }
  return name;
}

// The parts of a stream's name, of any text: what is no name of stream_name() is taken as it stands, in one part.
inline std::vector<std::string> stream_parts(std::string_view name) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  for (;;) {
    std::string part;
    if (at < name.size() && name[at] == '"') {
      for (++at; at < name.size() && (name[at] != '"' || name.substr(at, 2) == "\"\""); ++at) {
        if (name[at] == '"') ++at;
        part += name[at];
      }
      if (at == name.size()) return {std::string(name)};  // a quote that nothing closes
      ++at;
    } else {
      const std::size_t end = std::min(name.find_first_of(".\"", at), name.size());
      part = name.substr(at, end - at);
      at = end;
    }
    parts.push_back(std::move(part));
    if (at == name.size()) return parts;
    if (name[at] != '.') return {std::string(name)};
    ++at;
  }
}

namespace detail {

// T: static void streams(const Context&, const StreamSink&).
template <class T>
concept Discovers = requires(const Context& context, const StreamSink& streams) { T::streams(context, streams); };

template <class T>
weir_status list_streams(const weir_context* context, const weir_stream_sink* streams, weir_error* error) {
  return at_edge(error, [&] { T::streams(Context(context), StreamSink(streams)); });
}

template <class T>
inline constexpr weir_discover kDiscover = {sizeof(weir_discover), list_streams<T>};

}  // namespace detail
}  // namespace weir
