#include "cli/error_codes.hpp"

#include <algorithm>

namespace weir::cli {

std::vector<ErrorCode> error_codes(std::string_view page) {
  constexpr std::string_view kHeading = "## ";
  std::vector<ErrorCode> codes;
  bool between = true;  // paragraphs
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    if (line.starts_with(kHeading)) codes.push_back({std::string(line.substr(kHeading.size())), {}});
    if (codes.empty() || line.empty() || line.starts_with(kHeading)) {
      between = true;
      continue;
    }
    auto& paragraphs = codes.back().paragraphs;
    if (between)
      paragraphs.emplace_back(line);
    else
      paragraphs.back().append(" ").append(line);
    between = false;
  }
  return codes;
}

}  // namespace weir::cli
