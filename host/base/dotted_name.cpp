#include "base/dotted_name.hpp"

#include <algorithm>

namespace weir::base {
namespace {

std::string quoted(std::string_view part) {
  std::string text = "\"";
  for (const char byte : part) {
    if (byte == '"') text += '"';
    text += byte;
  }
  return text + '"';
}

// Takes a part in quotes from the front; false if its quotes never end.
bool take_quoted(std::string_view& rest, std::string& part) {
  for (rest.remove_prefix(1); !rest.empty(); rest.remove_prefix(1)) {
    if (rest[0] == '"' && !rest.starts_with("\"\"")) {
      rest.remove_prefix(1);
      return true;
    }
    if (rest[0] == '"') rest.remove_prefix(1);
    part += rest[0];
  }
  return false;
}

}  // namespace

std::string dotted_name(const std::vector<std::string>& parts) {
  std::string name;
  for (const std::string& part : parts) {
    const bool plain = !part.empty() && part.find_first_of(".\"") == std::string::npos;
    name += (name.empty() ? "" : ".") + (plain ? part : quoted(part));
  }
  return name;
}

std::vector<std::string> parts_of_name(std::string_view name) {
  std::vector<std::string> parts;
  std::string_view rest = name;
  for (;;) {
    std::string part;
    if (rest.starts_with('"')) {
      if (!take_quoted(rest, part)) return {std::string(name)};
    } else {
      const std::size_t end = std::min(rest.find_first_of(".\""), rest.size());
      part = rest.substr(0, end);
      rest.remove_prefix(end);
    }
    parts.push_back(std::move(part));
    if (rest.empty()) return parts;
    if (rest[0] != '.') return {std::string(name)};
    rest.remove_prefix(1);
  }
}

}  // namespace weir::base
