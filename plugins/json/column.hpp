// Columns as the writer sees them: a tree that is made once of a schema, and bound to the arrays of each batch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

namespace weir::json {

// How values become JSON.
enum class Kind : std::uint8_t {
  null,
  boolean,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float16,
  float32,
  float64,
  decimal128,
  decimal256,
  text32,
  text64,
  text_view,
  raw32,
  raw64,
  raw_view,
  bytes32,
  bytes64,
  bytes_view,
  fixed_bytes,
  date32,
  date64,
  time32,
  time64,
  timestamp,
  duration,
  months,
  days,
  months_days,
  list32,
  list64,
  fixed_list,
  object,
  map_object,
  map_pairs,
  dictionary8,
  dictionary_u8,
  dictionary16,
  dictionary_u16,
  dictionary32,
  dictionary_u32,
  dictionary64,
  dictionary_u64,
};

// A column, or a part of one. A value is known by its row: an index into the array, to which its own offset is added.
class Column {
 public:
  // Takes a field apart. Throws a Failure if it holds a type that JSON has nothing for.
  explicit Column(const ArrowSchema& field, int depth = 0);

  // Points to the array of a batch, whose shape fits the schema; it must live while rows are written.
  void bind(const ArrowArray& array);

  Kind kind() const { return kind_; }
  const TypeInfo& info() const { return info_; }
  const text::Spelling& spelling() const { return spelling_; }
  const std::string& name() const { return name_; }
  const std::vector<Column>& children() const { return children_; }
  // True if values are written as JSON strings, whatever they are.
  bool is_text() const;

  // Gives where a row stands in the buffers.
  std::int64_t place(std::int64_t row) const { return row + offset_; }
  bool valid(std::int64_t place) const { return validity_ == nullptr || bit_of(validity_, place); }
  template <class T>
  T at(std::int64_t place) const {
    return static_cast<const T*>(values_)[place];
  }
  bool bit(std::int64_t place) const { return bit_of(static_cast<const std::uint8_t*>(values_), place); }
  const char* fixed(std::int64_t place, std::int64_t width) const {
    return static_cast<const char*>(values_) + place * width;
  }
  template <class Offset>
  std::string_view span(std::int64_t place) const {
    const Offset begin = at<Offset>(place);
    return {data_ + begin, static_cast<std::size_t>(at<Offset>(place + 1) - begin)};
  }
  std::string_view view(std::int64_t place) const;

 private:
  static bool bit_of(const std::uint8_t* bits, std::int64_t place) {
    return (bits[place >> 3] & (std::uint8_t{1} << (place & 7))) != 0;
  }
  void resolve(const ArrowSchema& field);
  void resolve_nested(const ArrowSchema& field, int depth);

  Kind kind_ = Kind::null;
  TypeInfo info_;
  text::Spelling spelling_;
  std::string name_;
  std::vector<Column> children_;  // of a dictionary: its values
  const std::uint8_t* validity_ = nullptr;
  const void* values_ = nullptr;
  const char* data_ = nullptr;
  const void* const* variadic_ = nullptr;
  std::int64_t offset_ = 0;
};

}  // namespace weir::json
