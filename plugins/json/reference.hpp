// For tests: what must be true of the reader for any bytes at all, told by another library's reading of them.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "reading.hpp"

namespace weir::json::test {

using Tree = nlohmann::json;

// True if `found` says what `wanted` says: a key may be there with null that was missing, a number is the same number.
inline bool same_value(const Tree& wanted, const Tree& found) {
  if (wanted.is_object() && found.is_object()) {
    for (const auto& [key, value] : wanted.items()) {
      if (!found.contains(key) || !same_value(value, found.at(key))) return false;
    }
    for (const auto& [key, value] : found.items()) {
      if (!wanted.contains(key) && !value.is_null()) return false;
    }
    return true;
  }
  if (wanted.is_array() && found.is_array()) {
    if (wanted.size() != found.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!same_value(wanted[i], found[i])) return false;
    }
    return true;
  }
  return wanted == found;
}

// A NUL stands in no JSON: the other library takes it for the end.
inline std::optional<Tree> parsed(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  Tree tree = Tree::parse(text, nullptr, false);
  return tree.is_discarded() ? std::nullopt : std::optional<Tree>(std::move(tree));
}

// True if there may be a number beyond the largest double: JSON allows it, the other library does not.
inline bool has_large_exponent(const std::string& text) {
  return std::regex_search(text, std::regex("[eE][+-]?[0-9]{3,}"));
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// What the bytes violate, in words; empty: nothing. Read as a whole and in pieces of `piece` bytes.
inline std::string violated(const std::string& bytes, std::size_t piece) {
  const Reading whole = read_json(bytes), pieces = read_json(bytes, {.piece = piece});
  if (whole.failure.empty() != pieces.failure.empty())
    return "pieces fail otherwise: " + whole.failure + " / " + pieces.failure;
  if (whole.failure.empty() &&
      (whole.rows != pieces.rows || whole.rejects != pieces.rejects || whole.origins != pieces.origins))
    return "pieces give other rows";
  const std::vector<std::string> rows = lines_of(whole.rows);
  if (rows.size() != whole.origins.size()) return "rows and origins differ in number";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::optional<Tree> found = parsed(rows[i]);
    if (!found && has_large_exponent(rows[i])) continue;
    if (!found) return "a row is no JSON: " + rows[i];
    // The record begins at its origin; it ends where a prefix of what follows parses.
    const std::string_view rest = std::string_view(bytes).substr(static_cast<std::size_t>(whole.origins[i]));
    std::optional<Tree> wanted;
    for (std::size_t end = rest.find('}'); !wanted && end != std::string_view::npos; end = rest.find('}', end + 1))
      wanted = parsed(rest.substr(0, end + 1));
    if (!wanted) return "a row of what is no JSON: " + rows[i];
    if (!same_value(*wanted, *found)) return "another value: " + wanted->dump() + " / " + rows[i];
  }
  for (const Rejected& reject : whole.rejects) {
    if (reject.within < 0 || reject.within > static_cast<std::int64_t>(reject.record.size()))
      return "a reject without place";
    // A mark of the byte order stands before a text, not within: the other library passes over it in each.
    const bool json = !reject.record.starts_with("\xEF\xBB\xBF") && parsed(reject.record).has_value() &&
                      parsed(reject.record)->is_object();
    if (json && reject.reason == "not JSON" && reject.detail.find("surrogate") == std::string::npos &&
        reject.detail.find("512 deep") == std::string::npos)
      return "rejected as no JSON, but it is: " + reject.record + ": " + reject.detail;
  }
  return {};
}

}  // namespace weir::json::test
