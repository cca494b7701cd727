// A line of a manifest as a terminal may show it: nothing of it is a command to the terminal, and the caret stands
// below what it means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::manifest {

struct ShownLine {
  std::string text;
  std::size_t caret_column = 0;  // columns of the terminal before the caret
  std::size_t caret_length = 1;  // columns to underline, at least 1
};

// Shows `line` with the bytes [offset, offset + length) marked, cut to `width` columns around them. Tabs become spaces;
// wide and combining characters count as the columns that they take.
ShownLine show_line(std::string_view line, std::size_t offset, std::size_t length, std::size_t width);

// A text and the columns of a terminal that it takes.
struct ShownText {
  std::string text;
  std::size_t columns = 0;
};

// Shows `text` in at most `most` columns, cut with … where it takes more; control characters as \n, \t, \x1b.
ShownText show_cell(std::string_view text, std::size_t most);

}  // namespace weir::manifest
