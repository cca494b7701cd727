#include <weir/api/outcome.hpp>

namespace weir::api {

std::string describe(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) {
    if (!problem.file.empty()) text += problem.file + ":";
    if (problem.line > 0) text += std::to_string(problem.line) + ":" + std::to_string(problem.column) + ":";
    if (!problem.file.empty()) text += " ";
    text += "error: " + problem.message + "\n";
    if (!problem.hint.empty()) text += "hint: " + problem.hint + "\n";
  }
  return text;
}

}  // namespace weir::api
