// How records stand in a file, and where one ends: what can be told without reading values.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::json {

enum class Layout : std::uint8_t {
  unknown,  // more must be seen
  lines,    // one record a line
  spread,   // one object after another, as many lines as each takes
  array,    // the records are the items of one array
};

// Where the scan of boundaries stands, as two words that the host keeps (weir_chunked's `state`). All zero at the start.
struct ScanPlace {
  std::uint64_t flags = 0;
  std::uint64_t depth = 0;
};

// Where the records begin: behind a byte order mark, and for an array at its bracket.
std::size_t records_start(std::string_view head);

// Decides by the first record. `whole`: nothing comes after `head`.
Layout layout_of(std::string_view head, bool whole);

// The offset behind the last record that ends in `bytes`, which go on where `state` stands; 0: none is known to. In an
// array it is the offset of the comma behind, so that a chunk begins with '[' or ','.
std::size_t last_record_end(std::string_view bytes, Layout layout, ScanPlace& state);

// True if the array was closed; what follows then is not for the scan to judge.
bool is_closed(const ScanPlace& state);

}  // namespace weir::json
