// The tree that the parser makes: what is written, before anything is known about types.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weir::expr {

enum class Shape {
  column,  // text: its name; word: quoted, or empty
  integer,
  decimal,
  real,     // text: as written, perhaps with a minus
  text,     // text: its value
  boolean,  // negated: false
  null,
  typed_text,  // word: date, timestamp or time; text: its value
  negate,
  logical_not,
  logical_and,
  logical_or,
  concat,      // any number of parts
  arithmetic,  // word: + - * / %
  compare,     // word: = <> < <= > >=
  in,          // parts[0] in the rest
  between,     // parts: value, low, high
  like,        // parts: value, pattern; word: like or ilike; text: the escape character, or empty
  is_null,
  choose,   // case: (word is "subject": the value compared,) when, then, when, then, …, perhaps else
  cast,     // word: the type's name; text: what stands in its parentheses; negated: try_cast
  call,     // word: the function's name
  interval  // parts: one amount, word: its unit; or text: all of it
};

struct Syntax {
  Shape shape = Shape::null;
  std::string word;
  std::string text;
  bool negated = false;    // not in, not between, not like, is not null
  std::size_t offset = 0;  // of its first byte
  std::size_t length = 0;
  std::size_t mark = 0;  // of its operator: where a mistake about both sides is shown
  int depth = 1;
  std::vector<Syntax> parts;
};

inline constexpr int kMaximumDepth = 200;

}  // namespace weir::expr
