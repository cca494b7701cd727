#include "cli/list.hpp"

#include <algorithm>

#include "manifest/shown_line.hpp"

namespace weir::cli {

namespace {
constexpr std::size_t kMostListCell = 1000;

std::size_t columns_of_cell(const std::string& text) { return manifest::show_cell(text, kMostListCell).columns; }
}  // namespace

std::string list_text(const std::vector<ListRow>& rows, std::size_t numbers, const std::string& indent) {
  std::vector<std::string> lines(rows.size(), indent);
  for (std::size_t column = 0; !rows.empty() && column < rows.front().size(); ++column) {
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, columns_of_cell(row[column]));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string blanks(width - columns_of_cell(rows[i][column]), ' ');
      const std::string shown = manifest::show_cell(rows[i][column], kMostListCell).text;
      lines[i] += (column == 0 ? "" : "  ") + (column >= numbers ? blanks + shown : shown + blanks);
    }
  }
  std::string text;
  for (auto& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace weir::cli
