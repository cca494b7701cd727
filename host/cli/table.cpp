#include "cli/table.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "manifest/shown_line.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastWidth = 6;  // a column is not cut below it
constexpr std::size_t kMostCell = 1000;
constexpr std::string_view kNull = "∅";

std::string cell_text(const Cell& cell) {
  if (cell.null) return std::string(kNull);
  if (cell.text.empty() || cell.text == kNull) return "\"" + cell.text + "\"";
  return cell.text;
}

// The columns that each column of the table would take, if there were room.
std::vector<std::size_t> natural_widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < table.names.size(); ++column) {
    std::size_t width = std::max(manifest::show_cell(table.names[column], kMostCell).columns,
                                 manifest::show_cell(table.types[column], kMostCell).columns);
    for (const auto& row : table.rows)
      width = std::max(width, manifest::show_cell(cell_text(row[column]), kMostCell).columns);
    widths.push_back(width);
  }
  return widths;
}

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
         (widths.empty() ? 0 : kGap * (widths.size() - 1));
}

// Takes from the widest until all fit; then leaves out the last ones.
std::vector<std::size_t> fitted(std::vector<std::size_t> widths, std::size_t room) {
  while (total(widths) > room) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest > kLeastWidth)
      --*widest;
    else if (widths.size() > 1)
      widths.pop_back();
    else
      break;
  }
  return widths;
}

std::string aligned(const std::string& text, std::size_t width, bool right) {
  const auto shown = manifest::show_cell(text, width);
  const std::string blanks(width - std::min(width, shown.columns), ' ');
  return right ? blanks + shown.text : shown.text + blanks;
}

}  // namespace

std::string draw(const Table& table, std::size_t width, const std::string& indent) {
  const auto widths = fitted(natural_widths(table), width - std::min(width, indent.size()));
  std::string text;
  const auto add_line = [&](const auto& text_of) {
    std::string line = indent;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (column > 0) line += std::string(kGap, ' ');
      line += aligned(text_of(column), widths[column], table.right[column]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add_line([&](std::size_t column) { return table.names[column]; });
  add_line([&](std::size_t column) { return table.types[column]; });
  for (const auto& row : table.rows) add_line([&](std::size_t column) { return cell_text(row[column]); });
  if (const std::size_t left = table.names.size() - widths.size(); left > 0)
    text += indent + "… and " + std::to_string(left) + " more columns\n";
  return text;
}

}  // namespace weir::cli
