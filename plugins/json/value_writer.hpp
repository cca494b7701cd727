// Writes values of columns as JSON.
#pragma once

#include <cstdint>

#include "column.hpp"
#include "text_buffer.hpp"

namespace weir::json {

// Threads: one caller at a time.
class ValueWriter {
 public:
  explicit ValueWriter(TextBuffer& out) : out_(out) {}

  // Writes the value of a row, null too. If JSON can't say it, problem() tells why, and what was written is of no use.
  void value(const Column& column, std::int64_t row);

  // Gives a constant that can be counted ("not a finite number"), or null.
  const char* problem() const { return problem_; }
  void forget_problem() { problem_ = nullptr; }

 private:
  static constexpr std::size_t kLargest = 256;

  void integer(const Column& column, std::int64_t place);
  void real(const Column& column, std::int64_t place);
  void text(const Column& column, std::int64_t place);
  void bytes(const Column& column, std::int64_t place);
  void time(const Column& column, std::int64_t place);
  void span_of_time(const Column& column, std::int64_t place);
  void nested(const Column& column, std::int64_t place);
  void list(const Column& items, std::int64_t begin, std::int64_t end);
  void object(const Column& column, std::int64_t place);
  void map(const Column& column, std::int64_t place);
  void dictionary(const Column& column, std::int64_t place);
  // Gives where to write a number or a time of at most kLargest bytes, quotes included.
  char* room() { return out_.room(kLargest); }
  // Ends a quoted text; null: JSON has none.
  void end_quoted(char* end, const char* problem);

  TextBuffer& out_;
  const char* problem_ = nullptr;
};

}  // namespace weir::json
