// What both parsers share: their own errors, limits, and duplicate keys.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "manifest/tree.hpp"

namespace weir::manifest {

inline constexpr std::size_t kMaxKeyBytes = 1024;

// Makes the error of a text that does not parse.
inline base::Error syntax_error(const Where& where, std::string message, std::string hint = {}) {
  base::Error error = base::manifest_error("manifest.syntax", std::move(message), where.place());
  error.hint = std::move(hint);
  return error;
}

// Tells whether a key was given before in the same object, in constant time however many there are.
class Keys {
 public:
  // Remembers the key; gives the error of a key that stood there already, or of one that is too long.
  std::vector<base::Error> add(const std::string& key, const Where& where) {
    std::vector<base::Error> errors;
    if (key.size() > kMaxKeyBytes) {
      errors.push_back(syntax_error(where, "expected a key of at most 1024 bytes, found a longer one"));
      return errors;
    }
    const auto [entry, fresh] = seen_.try_emplace(key, where);
    if (fresh) return errors;
    base::Error error =
        base::manifest_error("manifest.duplicate_key", "key '" + key + "' is given twice", where.place());
    error.hint = "first given in line " + std::to_string(entry->second.place().line);
    errors.push_back(std::move(error));
    return errors;
  }

 private:
  std::unordered_map<std::string, Where> seen_;
};

}  // namespace weir::manifest
