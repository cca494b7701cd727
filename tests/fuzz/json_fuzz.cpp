// libFuzzer target of the json format: for any bytes, what plugins/json/reference.hpp demands. The first byte is how the
// file is cut.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "reference.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string problem = weir::json::test::violated(text, std::size_t{data[0]} + 1);
  if (problem.empty()) return 0;
  std::fprintf(stderr, "%s\n", problem.c_str());
  std::abort();
}
