// How records stand in a file, and where one ends: what can be told without reading values.
#pragma once

#include <cstdint>
#include <string_view>

#include "rows_path.hpp"

namespace weir::json {

enum class Layout : std::uint8_t {
  unknown,  // more must be seen
  lines,    // one record a line
  spread,   // one object after another, as many lines as each takes
  array,    // the records are the items of one array
  within,   // the same, and the array is somewhere in a document
};

// Where the scan of boundaries stands, as two words that the host keeps (weir_chunked's `state`). All zero at the start.
struct ScanPlace {
  std::uint64_t flags = 0;
  std::uint64_t depth = 0;
};

// The length of the byte order mark that `head` begins with, or 0.
std::size_t mark_length(std::string_view head);

// Where the records begin: behind a byte order mark, and for an array at its bracket.
std::size_t records_start(std::string_view head);

// Decides by the first record. `whole`: nothing comes after `head`.
Layout layout_of(std::string_view head, bool whole);

// The offset behind the last record that ends in `bytes`, which go on where `state` stands; 0: none is known to. In an
// array it is the offset of the comma behind, so that a chunk begins with '[' or ','.
std::size_t last_record_end(std::string_view bytes, Layout layout, ScanPlace& state);

// The same of an array within a document, whose state is four words. Behind the array pieces are cut where they can't be taken
// for items: they begin with neither ',' nor '['. Throws a Failure, at its offset in `bytes`, if what is behind is no JSON.
std::size_t last_document_end(std::string_view bytes, const RowsPath& path, std::uint64_t (&state)[4]);
// True if the document has ended.
bool is_document_closed(const RowsPath& path, const std::uint64_t (&state)[4]);
// Goes on behind `next`, the first byte of a piece that is not the first.
void resume_document(char next, std::uint64_t (&state)[4]);

// True if the array was closed; what follows then is not for the scan to judge.
bool is_closed(const ScanPlace& state);

}  // namespace weir::json
