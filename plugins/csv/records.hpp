// Records of a scanned chunk: which fields make which record, and what a field's bytes say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/weir.hpp>

#include "dialect.hpp"
#include "scan.hpp"

namespace weir::csv {

// A scanned chunk. `base` is where it begins in what offsets count from. Lent; the bytes and the scan must live, and what
// it was rewritten from.
struct Chunk {
  std::string_view bytes;
  const Scan& scan;
  Marks marks;
  std::int64_t base = 0;
  const Rewritten* rewritten = nullptr;  // null: the bytes are as they stood
  std::string_view original = {};        // rewritten: what it was

  std::uint32_t begin_of(std::size_t field) const { return scan.index.data()[field]; }
  // The bytes of field i, without the CR of a line that ends with CR LF if it is the record's last.
  std::string_view field(std::size_t i, bool last) const {
    const std::uint32_t begin = begin_of(i);
    std::uint32_t end = begin_of(i + 1) - 1;
    if (last && end > begin && bytes[end - 1] == '\r') --end;
    return bytes.substr(begin, end - begin);
  }
  // Where the record that begins with field i stood, and its bytes as they stood there. `fields`: how many it has.
  std::uint32_t origin_of(std::size_t i) const {
    return rewritten == nullptr ? begin_of(i) : rewritten->record_at(begin_of(i)).begin;
  }
  std::string_view record(std::size_t i, std::size_t fields) const;
  std::size_t fields() const { return scan.count - 1; }
  // True if a record ends with field i.
  bool ends_record(std::size_t i) const {
    const std::size_t end = begin_of(i + 1) - 1;
    return end >= bytes.size() || bytes[end] == '\n';
  }
};

// Records that stand one behind another in the index, `width` fields each.
struct Run {
  std::size_t first_field = 0;
  std::size_t rows = 0;
};

// A record that has more or fewer fields than there are columns.
struct Ragged {
  std::size_t first_field = 0;
  std::size_t fields = 0;
};

struct Records {
  std::vector<Run> runs;
  std::vector<Ragged> ragged;
};

// Gives the chunk's records, leaving blank lines out (but with one column: there a blank line is a null). Throws a Failure
// of the data for an unclosed quote, and bytes that are not UTF-8.
Records find_records(const Chunk& chunk, std::size_t width);

// "1 field", "3 fields"
std::string fields_in_words(std::size_t count);

// Writes what a quoted field (its first byte is a quote) says, at most as many bytes as the field has; gives the end.
// Throws a Failure if something stands behind the closing quote. `offset`: of the field, for the Failure.
char* unquote(char* to, std::string_view field, char quote, std::int64_t offset);

// What a field says: as it stands, or without its quotes in `scratch`.
std::string_view text_of(const Chunk& chunk, std::string_view field, std::string& scratch);

}  // namespace weir::csv
