// What JSON is made of (RFC 8259, strictly): blanks, strings, numbers, literals and whole values, read from memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/weir.hpp>

namespace weir::json {

// How deep values may be nested.
inline constexpr int kMaxDepth = 512;

inline bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }
inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// The first byte that is not JSON: what was expected there. `at` null: no problem.
struct Problem {
  const char* at = nullptr;
  std::string_view expected;
  std::string_view reason = "not JSON";  // a constant that can be counted
};

// Reads the pieces of [begin, end), which must stay. Functions that read take where the piece begins, and give where it
// ends; or null, having told the problem. Threads: one caller at a time.
class Tokens {
 public:
  // `one_line`: a line break is no blank, but ends the record.
  Tokens(std::string_view bytes, bool one_line);

  const Problem& problem() const { return problem_; }
  // The problem as a message: "expected ',' or '}', found \"x\"".
  std::string message() const;
  // What stands at `at`, for a message.
  std::string found(const char* at) const;

 protected:
  // Passes over blanks. Never null.
  const char* space(const char* at) const {
    if (at != end_ && static_cast<unsigned char>(*at) > ' ') return at;
    return more_space(at);
  }
  bool is(const char* at, char byte) const { return at != end_ && *at == byte; }
  const char* fail(const char* at, std::string_view expected);

  // Each begins at the quote. copy_string() appends the text to `to`.
  const char* skip_string(const char* at);
  const char* copy_string(const char* at, Buffer& to);
  const char* number(const char* at, text::NumberText& found);
  const char* literal(const char* at, std::string_view word);
  const char* value(const char* at, int depth);

  const char* begin_;
  const char* end_;

 private:
  template <bool kCopies>
  const char* string(const char* at, Buffer* to);
  const char* escape(const char* at, char*& to);
  const char* hex4(const char* at, std::uint32_t& code);
  const char* more_space(const char* at) const;
  const char* members(const char* at, int depth);
  const char* items(const char* at, int depth);
  const char* exponent(const char* at, text::NumberText& found);
  const char* check_utf8(const char* begin, const char* end, const char* next);

  bool one_line_;
  Problem problem_;
};

// Writes a character as UTF-8, at most 4 bytes; gives where it ends.
char* put_utf8(char* to, std::uint32_t code);

// What a one-letter escape says; 0: none.
char escaped(char letter);

// The first byte of [at, end) that is a quote, a backslash or a control character; `end` if there is none.
const char* string_stop(const char* at, const char* end);

}  // namespace weir::json
