// Tables of text that fit a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weir::cli {

struct Cell {
  std::string text;
  bool null = false;  // shown so that no text looks like it
};

struct Table {
  std::vector<std::string> names;  // of the columns
  std::vector<std::string> types;
  std::vector<bool> right;              // columns whose values stand at the right: numbers
  std::vector<std::vector<Cell>> rows;  // a cell a column
};

// Draws a table of at most `width` columns of a terminal, each line ended and begun by `indent`. Wide and combining
// characters count as what they take, control characters are escaped. Long cells are cut with …; what does not fit at all
// is told below. A null is ∅; a text that would look like it, or like nothing, stands in quotes.
std::string draw(const Table& table, std::size_t width, const std::string& indent);

}  // namespace weir::cli
