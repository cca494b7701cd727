// Fields: what the reader makes of the values under a key. A tree, made once of a schema, constant while records are read
// but for the sizes that it remembers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <weir/weir.hpp>

namespace weir::json {

// A key that records may have, as it stands in most of them: `"name"`.
struct Key {
  static constexpr std::size_t kMost = 32;

  // `child`: the field that its values are for, or kSkipped.
  Key(std::string_view name, std::int32_t child);
  // True if the key stands at `at`, of which kMost bytes can be read.
  bool stands_at(const char* at) const;

  static constexpr std::int32_t kSkipped = -1;
  char text[kMost] = {};
  std::uint32_t masks[2] = {};
  std::uint32_t size = 0;  // 0: too long, or spelled with escapes
  std::int32_t child;
};

// The keys of an object, in the order in which they are expected.
class Keys {
 public:
  void add(std::string_view name, std::int32_t child);
  std::size_t size() const { return keys_.size(); }
  const Key& operator[](std::size_t i) const { return keys_[i]; }
  // The number of the key called `name`, or -1.
  std::int64_t find(std::string_view name) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::vector<Key> keys_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers_;
};

// How many bytes a batch had of a field, values and text. Batches of one file are much alike, and are made on several threads.
struct BatchSizes {
  std::atomic<std::size_t> values{0}, text{0};
};

struct Field {
  // Takes a field of a schema apart; throws a Failure if JSON is not read as its type. `path` names it in messages.
  Field(const ArrowSchema& field, std::string path);

  std::string path;       // "address.zip", "items[].price"
  std::string type_text;  // for messages: "int64"
  Type type = Type::unknown;
  Unit unit = Unit::second;
  int precision = 0, scale = 0;
  bool zoned = false;     // timestamps: the texts have a zone
  bool raw = false;       // text: values are kept as the JSON that they are
  bool declared = false;  // the manifest gives the type: doubles may round, text may come from numbers
  bool ignore_unknown = false;
  std::vector<Field> fields;                                          // of a list: its items
  Keys keys;                                                          // of an object
  std::unique_ptr<BatchSizes> last = std::make_unique<BatchSizes>();  // changes with each batch
};

// The metadata of a field of JSON text.
Metadata raw_metadata();

}  // namespace weir::json
