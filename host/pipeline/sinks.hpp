// Sinks: the host's side of the callbacks by which plugins tell schemas, bytes, splits and objects. Each collects copies.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/weir.h>
#include <weir/arrow.hpp>

namespace weir::pipeline {

// What a plugin lent, as a text of one's own.
inline std::string copy_of(weir_string text) {
  return text.data == nullptr ? std::string() : std::string(text.data, text.length);
}
inline std::string copy_of(weir_bytes bytes) {
  return bytes.data == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes.data), bytes.length);
}

// Collects the schemas that a component tells. Lent for one call.
class SchemaSink : public weir_schema_sink {
 public:
  SchemaSink();
  void clear() {  // before a call is repeated
    schemas.clear();
    names.clear();
  }
  std::vector<weir::Schema> schemas;
  std::vector<std::string> names;
  std::string refused;  // what was wrong with a schema that was told; empty: nothing
};

// Collects items of bytes (positions, committables, what was published).
class ByteSink : public weir_sink {
 public:
  ByteSink();
  std::vector<std::string> items;
};

// A split as the extractor told it.
struct PlannedSplit {
  std::string id, token, place;
  std::int64_t rows = -1, bytes = -1;
  bool unbounded = false;
};

class PlanSink : public weir_plan {
 public:
  PlanSink();
  void clear() {  // before a call is repeated
    splits.clear();
    ids.clear();
    state_text.clear();
  }
  std::vector<PlannedSplit> splits;
  std::set<std::string, std::less<>> ids;  // of splits: a source may have very many, and tell one again
  std::string state_text;
};

// An object as the storage told it.
struct StoredObject {
  std::string name, checksum, version;
  std::int64_t bytes = -1, modified_ns = 0;
};

class ObjectSink : public weir_object_sink {
 public:
  ObjectSink();
  std::vector<StoredObject> objects;
};

// Lends a text to a call that takes weir_bytes; texts, to one that takes an array of them.
inline weir_bytes lend(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
std::vector<weir_bytes> lend(const std::vector<std::string>& items);

}  // namespace weir::pipeline
