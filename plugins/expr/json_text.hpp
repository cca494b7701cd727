// JSON in texts: a value is looked up by its path where it stands, without a tree. The whole text is checked by RFC 8259, so
// that what is no JSON is told. Of members with one name the first counts. Nothing here allocates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operation.hpp"

namespace weir::expr {

// '$.a.b[0]', '/a/b/0' or the name of one member.
class JsonPath {
 public:
  struct Step {
    std::string member = {};
    std::int64_t item = -1;  // -1: a member; from the end below that: -2 is the last. With a member: whichever there is
  };

  // Nothing if it is not spelt so.
  static std::optional<JsonPath> of(std::string_view text);
  static JsonPath of_item(std::int64_t item);
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

enum class Found { value, nothing, no_json };

// The value at the path, as it stands in `text`.
Found find_json(std::string_view text, const JsonPath& path, std::string_view& value);

// A value's kind by its first byte: '{', '[', '"', 't', 'f', 'n', or '0' for a number. Precondition: it is valid.
inline char json_kind(std::string_view value) {
  return value[0] == '-' || (value[0] >= '0' && value[0] <= '9') ? '0' : value[0];
}

// The characters of a string in quotes. Precondition: it is valid. A lone surrogate becomes U+FFFD.
std::string_view json_characters(std::string_view value, Frame& frame);

// The items of an array, the members of an object. Precondition: it is valid.
std::int64_t json_count(std::string_view value);

}  // namespace weir::expr
