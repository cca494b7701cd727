#include "base/wildcards.hpp"

#include <fnmatch.h>

namespace weir::base {

bool fits_wildcards(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

bool has_wildcards(std::string_view pattern) { return pattern.find_first_of("*?[") != std::string_view::npos; }

std::string without_wildcards(std::string_view text) {
  std::string pattern;
  for (const char byte : text) {
    if (byte == '{')
      pattern += "[\\{]";  // who expands braces passes over what follows a backslash
    else if (byte == '\\')
      pattern += R"([\\])";  // itself within brackets, too, where it is special there and where it isn't
    else if (std::string_view("*?[").find(byte) != std::string_view::npos)
      pattern += std::string("[") + byte + "]";
    else
      pattern += byte;
  }
  return pattern;
}

}  // namespace weir::base
