// What the parts of the options check share: the reading of a JSON Schema (draft 7), and the three steps.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/options.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

using Json = nlohmann::json;

// How deep references and combinations may lead; a schema that leads deeper is broken.
inline constexpr int kMaxSchemaDepth = 64;

// Follows "$ref" into `root` ("#", "#/definitions/x"); a reference that leads nowhere gives the schema `true`.
const Json& resolved(const Json& schema, const Json& root);

// The types that a resolved schema accepts, by its "type", else by its enum, or a combination; empty: any.
std::vector<std::string> accepted_types(const Json& schema, const Json& root, int depth = 0);

// The schema of an object's member: by name, else that of all others; null: it has none.
const Json* member_schema(const Json& schema, const std::string& key);

// Whether a value of this kind is of a JSON Schema type.
bool is_type(const Node& node, const std::string& type);

// One thing that is wrong with an option.
struct Finding {
  base::Error error;
  bool ours = false;  // not the schema's: an unknown option, a duration, a size
};

// Says what is wrong with `options`; the messages begin with the component's name.
class Explanation {
 public:
  Explanation(const Use& use, const Json& root, const OptionsContext& context)
      : use_(use), root_(root), context_(context) {}

  std::vector<Finding> explain(const Node& options) const;

  // Whether a value is right by a part of the schema.
  bool fits(const Node& value, const Json& schema) const;

 private:
  struct Spot;  // a value, its schema, its name
  void check(const Spot& spot, std::vector<Finding>& found) const;
  void check_text(const Spot& spot, std::vector<Finding>& found) const;
  void check_number(const Spot& spot, std::vector<Finding>& found) const;
  void check_array(const Spot& spot, std::vector<Finding>& found) const;
  void check_object(const Spot& spot, std::vector<Finding>& found) const;
  void check_required(const Spot& spot, std::vector<Finding>& found) const;
  void check_member(const Spot& spot, const Member& member, std::vector<Finding>& found) const;
  void check_choices(const Spot& spot, std::vector<Finding>& found) const;
  void check_branches(const Spot& spot, const Json& branches, std::vector<Finding>& found) const;
  void check_conditions(const Spot& spot, std::vector<Finding>& found) const;
  void refuse_unknown(const Spot& spot, const Member& member, std::vector<Finding>& found) const;
  void add(const Spot& spot, std::string code, const std::string& message, std::string hint, bool ours,
           std::vector<Finding>& found) const;

  const Use& use_;
  const Json& root_;
  const OptionsContext& context_;
};

// Asks valijson whether the schema accepts the value. Gives where and what it minds (empty: accepted), or the plugin's
// error if the schema itself is broken.
struct Verdict {
  bool accepted = true;
  std::string pointer;  // of the value that it minds
  std::string reason;
};
base::Result<Verdict> judge(const Json& schema, const Json& value);

// Lets texts that came from ${...} stand for numbers and booleans where the schema wants those.
void coerce(Node& node, const Json& schema, const Json& root, int depth = 0);

// Marks the values that the schema calls "writeOnly" as secrets, and adds their texts to `redactor` (null: to nobody).
void mark_secrets(Node& node, const Json& schema, const Json& root, observe::Redactor* redactor, int depth = 0);

// A tree without places of a JSON value.
Node node_from_json(const nlohmann::ordered_json& json);

// `text` matched by a schema's pattern (ECMAScript, anywhere in it). Texts over 2 KiB are not tried, and do not match:
// the library's matcher recurses once a byte.
inline constexpr std::size_t kMaxMatchedBytes = 2048;
bool matches(const std::string& text, const std::string& pattern);

}  // namespace weir::manifest
