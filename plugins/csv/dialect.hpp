// Dialects beyond what the scan knows: escapes, comments, blanks around fields. Their records are rewritten as plain ones
// (RFC 4180 with comma and double quote), and what is plain is scanned: the usual files pay nothing for the others.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan.hpp"

namespace weir::csv {

// Stands for a quote that there is not: a byte that no UTF-8 text has.
inline constexpr char kNoQuote = '\xFF';

// How a file is written.
struct Dialect {
  Marks marks;
  char escape = 0;    // the byte behind it is text, whatever it is; 0: none
  char comment = 0;   // a line that begins with it is no record; 0: none
  bool trim = false;  // blanks and tabs around a field, outside quotes, are not its text

  // True if the scan knows it.
  bool plain() const { return escape == 0 && comment == 0 && !trim; }
};

// Records rewritten as plain ones, with the marks of Marks{}.
struct Rewritten {
  // A record, or a blank line: where it begins in `text`, and where it stood.
  struct Record {
    std::uint32_t plain = 0, begin = 0, end = 0;
  };
  static constexpr std::size_t kNothing = SIZE_MAX;

  std::string text;
  std::vector<Record> records;
  std::size_t open = kNothing;    // where a field begins whose quote is never closed
  std::size_t behind = kNothing;  // the first byte that stands behind a closing quote and should not

  // The record that begins at or before `plain`. Precondition: there is one.
  const Record& record_at(std::uint32_t plain) const;
};

// Reads one dialect. Constant after it was made. [any]
class Lexer {
 public:
  explicit Lexer(const Dialect& dialect);

  const Dialect& dialect() const { return dialect_; }
  bool plain() const { return dialect_.plain(); }

  // As last_record_end() of scan.hpp, for the dialect. `state` is State's number, 0 at the start of a record; numbers beyond
  // those of State are the lexer's.
  std::size_t last_record_end(std::string_view bytes, std::uint64_t& state) const;

  // Rewrites whole records; a last one may lack its newline. Records of fewer than `width` fields, but blank lines, get empty
  // ones behind. A field that reads like one of `nulls` before its escapes are taken out becomes the empty one.
  void rewrite(std::string_view records, const std::vector<std::string>& nulls, std::size_t width, Rewritten& to) const;

  // Where field number `field` of the record begins.
  std::size_t field_begin(std::string_view record, std::size_t field) const;

 private:
  friend class Rewriter;
  // What a byte means to the dialect. `mark`: nothing, but it is a mark of plain records.
  enum Class : std::uint8_t { other, delimiter, quote, newline, carriage, escape, comment, blank, mark, kClasses };
  enum Where : std::uint8_t {
    start,
    plain_text,
    quoted,
    closed,
    field_start,
    escaped,
    quoted_escaped,
    in_comment,
    behind_closed,
    closed_carriage,
    kWheres
  };
  enum class Act : std::uint8_t { text, skip, open, end_field, end_record, wrong };
  struct Step {
    Where next;
    Act act;
  };

  void fill_classes();
  void fill_steps();

  Dialect dialect_;
  std::array<Class, 256> classes_{};
  std::array<std::array<Step, kClasses>, kWheres> steps_{};
};

}  // namespace weir::csv
