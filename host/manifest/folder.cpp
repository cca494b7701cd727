#include "manifest/folder.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace weir::manifest {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 10'000;  // looked at
constexpr std::size_t kMostLines = 50;

}  // namespace

bool is_manifest(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  for (std::size_t i = 0; i < kMostLines && std::getline(file, line); ++i) {
    if (line.starts_with("weir:") || line.find("\"weir\":") != std::string::npos) return true;
  }
  return false;
}

std::vector<fs::path> manifests_in(const fs::path& folder) {
  std::vector<fs::path> manifests;
  std::error_code problem, ignored;
  std::size_t count = 0;
  for (fs::directory_iterator entry(folder, problem);
       !problem && entry != fs::directory_iterator() && ++count <= kMostFiles; entry.increment(problem)) {
    const fs::path& path = entry->path();
    const std::string extension = path.extension().string();
    const bool named = extension == ".yaml" || extension == ".yml" || extension == ".json";
    if (named && fs::is_regular_file(path, ignored) && is_manifest(path))
      manifests.push_back(folder == "." ? path.filename() : path);
  }
  std::sort(manifests.begin(), manifests.end());
  return manifests;
}

}  // namespace weir::manifest
