// Reading a JSON Schema: references, types, patterns; and values as the schema sees them.
#include "manifest/schema.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include "manifest/scalar.hpp"

namespace weir::manifest {
namespace {

const Json& anything() {
  static const Json kTrue = true;
  return kTrue;
}

std::string json_type(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

void add_type(std::vector<std::string>& types, const std::string& type) {
  if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
}

}  // namespace

const Json& resolved(const Json& schema, const Json& root) {
  const Json* at = &schema;
  for (int steps = 0; steps < kMaxSchemaDepth; ++steps) {
    if (!at->is_object()) return *at;
    const auto reference = at->find("$ref");
    if (reference == at->end() || !reference->is_string()) return *at;
    const auto& text = reference->get_ref<const std::string&>();
    if (!text.starts_with('#')) return anything();
    try {  // nlohmann throws for a pointer that is none
      const Json::json_pointer pointer(text.substr(1));
      if (!root.contains(pointer)) return anything();
      at = &root.at(pointer);
    } catch (const Json::exception&) {
      return anything();
    }
  }
  return anything();
}

std::vector<std::string> accepted_types(const Json& schema, const Json& root, int depth) {
  std::vector<std::string> types;
  if (!schema.is_object() || depth > kMaxSchemaDepth) return types;
  if (const auto type = schema.find("type"); type != schema.end()) {
    if (type->is_string()) types.push_back(*type);
    for (const Json& one : *type) {
      if (type->is_array() && one.is_string()) types.push_back(one);
    }
    return types;
  }
  if (const auto constant = schema.find("const"); constant != schema.end()) return {json_type(*constant)};
  if (const auto words = schema.find("enum"); words != schema.end() && words->is_array()) {
    for (const Json& word : *words) add_type(types, json_type(word));
    return types;
  }
  for (const char* const key : {"oneOf", "anyOf"}) {
    const auto branches = schema.find(key);
    if (branches == schema.end() || !branches->is_array()) continue;
    for (const Json& branch : *branches) {
      const auto more = accepted_types(resolved(branch, root), root, depth + 1);
      if (more.empty()) return {};
      for (const std::string& type : more) add_type(types, type);
    }
  }
  return types;
}

const Json* member_schema(const Json& schema, const std::string& key) {
  const auto properties = schema.find("properties");
  if (properties != schema.end() && properties->is_object()) {
    if (const auto found = properties->find(key); found != properties->end()) return &*found;
  }
  const auto rest = schema.find("additionalProperties");
  return rest != schema.end() && rest->is_object() ? &*rest : nullptr;
}

bool is_type(const Node& node, const std::string& type) {
  const bool whole =
      node.kind == Kind::integer || (node.kind == Kind::number && std::floor(node.number) == node.number);
  if (type == "integer") return whole;
  if (type == "number") return node.kind == Kind::integer || node.kind == Kind::number;
  if (type == "string") return node.kind == Kind::text;
  if (type == "boolean") return node.kind == Kind::boolean;
  if (type == "array") return node.kind == Kind::array;
  if (type == "object") return node.kind == Kind::object;
  return node.kind == Kind::null;
}

bool matches(const std::string& text, const std::string& pattern) {
  if (text.size() > kMaxMatchedBytes) return false;
  try {
    return std::regex_search(text, std::regex(pattern, std::regex::ECMAScript));
  } catch (const std::regex_error&) {
    return true;  // the schema is broken: judge() tells
  }
}

void coerce(Node& node, const Json& schema, const Json& root, int depth) {
  const Json& rule = resolved(schema, root);
  if (!rule.is_object() || depth > kMaxSchemaDepth) return;
  if (node.kind == Kind::text && node.interpolated) {
    const auto types = accepted_types(rule, root);
    if (types.empty() || std::find(types.begin(), types.end(), "string") != types.end()) return;
    Node plain = node;
    resolve_plain(plain);
    if (std::any_of(types.begin(), types.end(), [&plain](const std::string& type) { return is_type(plain, type); }))
      node = plain;
  }
  for (Member& member : node.members) {
    if (const Json* const inner = member_schema(rule, member.key)) coerce(member.value, *inner, root, depth + 1);
  }
  const auto items = rule.find("items");
  for (Node& item : node.items) {
    if (items != rule.end() && items->is_object()) coerce(item, *items, root, depth + 1);
  }
}

void mark_secrets(Node& node, const Json& schema, const Json& root, observe::Redactor* redactor, int depth) {
  const Json& rule = resolved(schema, root);
  if (!rule.is_object() || depth > kMaxSchemaDepth) return;
  const auto write_only = rule.find("writeOnly");
  if (write_only != rule.end() && *write_only == Json(true)) {
    node.secret = true;
    if (redactor && !node.text.empty()) redactor->add(node.text);
  }
  for (Member& member : node.members) {
    if (const Json* const inner = member_schema(rule, member.key))
      mark_secrets(member.value, *inner, root, redactor, depth + 1);
  }
  const auto items = rule.find("items");
  for (Node& item : node.items) {
    if (items != rule.end() && items->is_object()) mark_secrets(item, *items, root, redactor, depth + 1);
  }
  for (const char* const key : {"allOf", "anyOf", "oneOf"}) {
    const auto branches = rule.find(key);
    if (branches == rule.end() || !branches->is_array()) continue;
    for (const Json& branch : *branches) mark_secrets(node, branch, root, redactor, depth + 1);
  }
}

Node node_from_json(const nlohmann::ordered_json& json) {
  Node node;
  if (json.is_boolean()) {
    node.kind = Kind::boolean;
    node.boolean = json.get<bool>();
  } else if (json.is_number()) {
    node.text = json.dump();
    if (!set_number(node, json.is_number_integer())) node.kind = Kind::number;
  } else if (json.is_string()) {
    node.kind = Kind::text;
    node.text = json.get<std::string>();
  } else if (json.is_array()) {
    node.kind = Kind::array;
    for (const auto& item : json) node.items.push_back(node_from_json(item));
  } else if (json.is_object()) {
    node.kind = Kind::object;
    for (const auto& [key, value] : json.items()) node.members.push_back({key, {}, node_from_json(value)});
  }
  return node;
}

}  // namespace weir::manifest
