// Fields: reads the members of one of the host's own objects, each by its type, and refuses those that nobody asked
// for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

using Errors = std::vector<base::Error>;

// Makes the error of a value that is not what was expected: "checkpoint: option 'every': expected …, found …".
base::Error wrong_value(const Node& node, const std::string& what, const std::string& key, const std::string& expected);

// Whether a member was given: not absent, not null.
inline bool given(const Node* node) { return node && node->kind != Kind::null; }

// Single values. Each gives nothing, and adds an error, if the node is not that. A text that came from ${...} may stand
// for a number or a boolean. `what` and `key` name it in the message.
std::optional<std::string> read_text(const Node& node, const std::string& what, const std::string& key, Errors& errors);
std::optional<std::uint64_t> read_count(const Node& node, const std::string& what, const std::string& key,
                                        Errors& errors);
std::optional<bool> read_boolean(const Node& node, const std::string& what, const std::string& key, Errors& errors);
std::optional<std::int64_t> read_duration(const Node& node, const std::string& what, const std::string& key,
                                          Errors& errors);
std::optional<std::uint64_t> read_size(const Node& node, const std::string& what, const std::string& key,
                                       Errors& errors);

// Lends the object and the errors: both outlive it.
class Fields {
 public:
  // Expects an object of a definition of the vocabulary; anything else is an error, and reads as an empty one. `what` names
  // it: "checkpoint"; empty: the manifest itself.
  Fields(const Node& object, std::string_view definition, std::string what, Errors& errors);

  // The member `key`; null if it is absent or null. A key that the definition does not have ends the program: whoever reads
  // it must tell the vocabulary, and so `weir schema`.
  const Node* get(std::string_view key);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::uint64_t> count(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> duration_ns(std::string_view key);
  std::optional<std::uint64_t> size_bytes(std::string_view key);

  // Says that a member may be there, and is not looked at.
  void pass_over(std::string_view key);

  // Adds an error for each member that the definition does not have, with what was probably meant, or what there is. A key
  // that it has and nobody asked for ends the program.
  void refuse_unknown() const;

 private:
  const Node& object_;
  std::string definition_;
  std::string what_;
  Errors& errors_;
  std::vector<std::string> asked_;
  std::vector<std::string> passed_over_;
};

}  // namespace weir::manifest
