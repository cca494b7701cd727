// Golden files of this plugin's tests: what is told must be what stands there. With WEIR_GOLDEN_WRITE set in the environment
// they are written anew.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <weir_catch.hpp>

namespace weir::expr {

inline std::filesystem::path golden_path(const char* name) { return std::filesystem::path(WEIR_GOLDEN) / name; }

inline void check_golden(const char* name, const std::string& found) {
  if (std::getenv("WEIR_GOLDEN_WRITE") != nullptr) std::ofstream(golden_path(name)) << found;
  std::ifstream file(golden_path(name));
  std::stringstream expected;
  expected << file.rdbuf();
  CHECK(found == expected.str());
}

}  // namespace weir::expr
