// Builders of columns that have others in them. What is in them is collected by a builder of its own:
//
//   TextBuilder words;  ListBuilder lists;
//   words.append("a");  words.append("b");  lists.append(words.length());   // ["a", "b"]
//   lists.append_null();
//   Array column = lists.finish(words.finish());
#pragma once

#include <unordered_map>

#include "builder.hpp"

namespace weir {

// Counts rows that are all null: a column of the type null.
class NullBuilder {
 public:
  void append_null() { ++length_; }
  std::int64_t length() const { return length_; }
  Array finish() {
    const std::int64_t length = std::exchange(length_, 0);
    return make_array(length, length, {});
  }

 private:
  std::int64_t length_ = 0;
};

// Collects where lists end among their items (list: int32_t; large list: int64_t).
template <class Offset>
class ListsBuilder {
 public:
  // Ends a list: its items are those since the last one ended. `items`: how many there are in all. Throws a Failure if an
  // Offset can't count them.
  void append(std::int64_t items) {
    begin();
    push(items);
    validity_.append_valid();
  }
  // A list that is null has no items.
  void append_null() {
    begin();
    push(end_);
    validity_.append_null();
  }
  std::int64_t length() const { return validity_.length(); }
  Array finish(Array items) {
    begin();
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(2);
    buffers[0] = validity_.finish();
    buffers[1] = std::exchange(offsets_, Buffer());
    end_ = 0;
    std::vector<Array> children;
    children.push_back(std::move(items));
    return make_array(length, nulls, std::move(buffers), std::move(children));
  }

 private:
  void begin() {
    if (offsets_.size() == 0) push(0);
  }
  void push(std::int64_t items) {
    if (items > std::int64_t{std::numeric_limits<Offset>::max()}) {
      throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA, "expected at most 2^31 - 1 items in a batch, found more");
    }
    end_ = items;
    const auto end = static_cast<Offset>(items);
    offsets_.append(&end, sizeof end);
  }

  std::int64_t end_ = 0;
  Buffer offsets_;
  ValidityBuilder validity_;
};

using ListBuilder = ListsBuilder<std::int32_t>;
using LargeListBuilder = ListsBuilder<std::int64_t>;

// Counts rows that have their values in children, which are as long: structs, and lists of a fixed size, whose items are
// that many times as long, also where a row is null.
class StructBuilder {
 public:
  void append() { validity_.append_valid(); }
  void append_null() { validity_.append_null(); }
  std::int64_t length() const { return validity_.length(); }
  Array finish(std::vector<Array> fields) {
    const std::int64_t length = validity_.length(), nulls = validity_.null_count();
    std::vector<Buffer> buffers(1);
    buffers[0] = validity_.finish();
    return make_array(length, nulls, std::move(buffers), std::move(fields));
  }

 private:
  ValidityBuilder validity_;
};

// Collects lists of one length.
class FixedListBuilder {
 public:
  void append() { rows_.append(); }
  void append_null() { rows_.append_null(); }
  std::int64_t length() const { return rows_.length(); }
  // Precondition: there are as many items as the width says for each row.
  Array finish(Array items) {
    std::vector<Array> children;
    children.push_back(std::move(items));
    return rows_.finish(std::move(children));
  }

 private:
  StructBuilder rows_;
};

// Collects maps: as lists, of keys and values in pairs.
class MapBuilder {
 public:
  void append(std::int64_t pairs) { lists_.append(pairs); }
  void append_null() { lists_.append_null(); }
  std::int64_t length() const { return lists_.length(); }
  Array finish(Array keys, Array values) {
    const std::int64_t pairs = keys->length;
    std::vector<Array> both;
    both.push_back(std::move(keys));
    both.push_back(std::move(values));
    return lists_.finish(rows_of(pairs, std::move(both)));
  }

 private:
  ListBuilder lists_;
};

// Puts indices and the values that they count together: a column of a dictionary type.
inline Array with_dictionary(Array indices, Array values) {
  struct Both {
    Array indices, values;
  };
  auto both = std::make_unique<Both>(Both{std::move(indices), std::move(values)});
  ArrowArray raw = both->indices.get();
  raw.dictionary = both->values.address();
  raw.release = [](ArrowArray* array) {
    delete static_cast<Both*>(array->private_data);
    array->release = nullptr;
  };
  raw.private_data = both.release();
  return Array(&raw);
}

// Collects texts that come again and again, each once: a dictionary of utf8 with indices of int32 (format "i").
class DictionaryBuilder {
 public:
  void append(std::string_view value) {
    const auto [place, fresh] = places_.try_emplace(std::string(value), static_cast<std::int32_t>(places_.size()));
    if (fresh) words_.append(value);
    indices_.append(place->second);
  }
  void append_null() { indices_.append_null(); }
  std::int64_t length() const { return indices_.length(); }
  Array finish() {
    places_.clear();
    return with_dictionary(indices_.finish(), words_.finish());
  }

 private:
  std::unordered_map<std::string, std::int32_t> places_;
  TextBuilder words_;
  NumberBuilder<std::int32_t> indices_;
};

}  // namespace weir
