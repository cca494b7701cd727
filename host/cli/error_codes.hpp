// Error codes with what they mean: the page docs/errors.md, read. The program carries it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

// docs/errors.md, as it was when the program was built. Made by host/cli/libraries.cmake.
extern const char* const kErrorsPage;

struct ErrorCode {
  std::string code;
  std::vector<std::string> paragraphs;  // what it means; its causes; its cure. Each one line
};

// Reads the sections `## CODE` of a page, in its order; what stands before the first is left out.
std::vector<ErrorCode> error_codes(std::string_view page);

}  // namespace weir::cli
