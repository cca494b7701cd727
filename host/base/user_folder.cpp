#include "base/user_folder.hpp"

#include <cstdlib>

namespace weir::base {
namespace {

std::filesystem::path absolute(const char* variable) {
  const char* const text = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): [main]
  return text != nullptr && *text == '/' ? std::filesystem::path(text) : std::filesystem::path();
}

}  // namespace

std::filesystem::path user_folder(const std::string& variable, const std::string& below_home) {
  if (const auto folder = absolute(variable.c_str()); !folder.empty()) return folder / "weir";
  const auto home = absolute("HOME");
  return home.empty() ? home : home / below_home / "weir";
}

}  // namespace weir::base
