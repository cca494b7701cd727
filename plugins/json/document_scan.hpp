// What stands around the rows of one document: read byte by byte, so that none of it is held.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/weir.hpp>

#include "rows_path.hpp"

namespace weir::json {

// Reads JSON strictly, with no memory but its state: the automaton of RFC 8259, over bytes in pieces of any size. Values beside
// the path are read over; the caller is told what concerns it. Threads: one caller at a time.
class DocumentScan {
 public:
  enum class Event : std::uint8_t {
    none,
    value,   // a value of a container of the path begins with the byte, which was not read: skip() or enter() it
    key,     // a key of a container of the path ended: is_match()
    closed,  // a container of the path ended
  };

  // Where the scan stands: four words, as a format's scanner may keep (weir_chunked).
  struct State {
    std::uint8_t mode = 0, count = 0;
    std::uint16_t code = 0, high = 0;
    std::uint16_t level = 0;        // containers of the path that are open
    std::uint16_t depth = 0;        // containers beside the path that are open, within the innermost of those
    std::uint32_t matched = 0;      // bytes of the token that the key in hand agrees with; kMismatch: it differs
    std::uint64_t objects[2] = {};  // which of the `depth` containers are objects

    static State unpack(const std::uint64_t (&words)[4]);
    void pack(std::uint64_t (&words)[4], std::uint64_t flags) const;
    // Nobody knows where: whatever follows is accepted.
    static State anywhere();
    // Behind the rows, `level` containers deep.
    static State behind_rows(std::size_t level);
  };

  // `path` outlives it.
  DocumentScan(const RowsPath& path, State state) : path_(path), state_(state) {}

  const State& state() const { return state_; }
  // Reads one byte. Throws a Failure, without a place, for what is no JSON.
  Event step(char byte);
  // What becomes of the value that step() told: it is read over, or it is a container of the path.
  void skip(char byte) { begin_value(byte); }
  void enter(bool object);
  // True if the key that ended is the path's.
  bool is_match() const;
  // True in a key of a container of the path.
  bool in_key() const;
  // True in the text of a string beside the path, where a run of bytes can be passed at once.
  bool in_plain_text() const;
  // True behind the end of the document.
  bool is_done() const;

 private:
  [[noreturn]] void refuse(std::string_view expected, char byte) const;
  bool in_object() const;
  void begin_value(char byte);
  void push(bool object, char byte);
  Event close(char byte);
  Event after(char byte);
  Event in_structure(char byte);
  Event in_string(char byte);
  void plain(char byte);
  void utf8(unsigned char byte);
  void escape(char byte);
  void hex(char byte);
  void unit(std::uint32_t code);
  void match(char byte);
  Event in_number(char byte);
  void literal(char byte);

  const RowsPath& path_;
  State state_;
};

// An error of the document, without a place.
Failure bad_document(std::string message);

// The first byte of a string's text that ends it, begins an escape or is not ASCII.
const char* plain_text_end(const char* at, const char* end);

// Reads on behind the rows, `from` the first byte that `scan` has not seen: throws a Failure, at its offset in `bytes`, for
// what is no JSON, and for a key of the path that stands there again.
void check_behind(std::string_view bytes, std::size_t from, DocumentScan& scan);

}  // namespace weir::json
