// The order of the check: load documents, coerce, explain, judge, complete.
#include "manifest/options.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/documents.hpp"
#include "manifest/overlay.hpp"
#include "manifest/schema.hpp"

namespace weir::manifest {
namespace {

using Ordered = nlohmann::ordered_json;

// A text of "format": "path": from the folder of the file that it is written in, unless it is absolute, a standard stream or an address.
std::string absolute_path(const std::string& text, const std::filesystem::path& folder) {
  if (text.empty() || text == "-" || text.find("://") != std::string::npos) return text;
  std::string_view rest = text;
  while (rest.starts_with("./")) rest.remove_prefix(2);
  return (folder / rest).string();  // an absolute `rest` replaces the folder
}

class Completion {
 public:
  Completion(const Explanation& explanation, const Json& root, const OptionsContext& context)
      : explanation_(explanation), root_(root), context_(context) {}

  // `node`: what the value was written as; null: nobody wrote it.
  void complete(Ordered& value, const Json& schema, const Node* node, int depth) const {
    const Json& rule = resolved(schema, root_);
    if (!rule.is_object() || depth > kMaxSchemaDepth) return;
    if (value.is_object()) complete_object(value, rule, node, depth);
    if (value.is_array()) complete_array(value, rule, node, depth);
    if (const auto all = rule.find("allOf"); all != rule.end() && all->is_array()) {
      for (const Json& one : *all) complete(value, one, node, depth + 1);
    }
    for (const char* const key : {"oneOf", "anyOf"}) {
      const auto branches = rule.find(key);
      if (branches != rule.end() && branches->is_array()) complete_branch(value, *branches, node, depth);
    }
    complete_condition(value, rule, node, depth);
    if (value.is_string()) complete_text(value, rule, node);
  }

 private:
  void complete_object(Ordered& value, const Json& rule, const Node* node, int depth) const {
    const auto properties = rule.find("properties");
    const bool named = properties != rule.end() && properties->is_object();
    const auto rest = rule.find("additionalProperties");
    for (auto& [key, inner] : value.items()) {
      if (named && properties->contains(key)) {
        complete(inner, (*properties)[key], node ? node->find(key) : nullptr, depth + 1);
      } else if (rest != rule.end()) {
        complete(inner, *rest, node ? node->find(key) : nullptr, depth + 1);
      }
    }
    if (!named) return;
    for (const auto& [key, schema] : properties->items()) {
      const Json& inner = resolved(schema, root_);
      if (value.contains(key) || !inner.is_object() || !inner.contains("default")) continue;
      Ordered filled = inner["default"];
      complete(filled, inner, nullptr, depth + 1);
      value[key] = std::move(filled);
    }
  }

  void complete_array(Ordered& value, const Json& rule, const Node* node, int depth) const {
    const auto items = rule.find("items");
    if (items == rule.end()) return;
    for (std::size_t at = 0; at < value.size(); ++at) {
      const Node* const item = node && at < node->items.size() ? &node->items[at] : nullptr;
      if (!items->is_array()) complete(value[at], *items, item, depth + 1);
      if (items->is_array() && at < items->size()) complete(value[at], (*items)[at], item, depth + 1);
    }
  }

  void complete_branch(Ordered& value, const Json& branches, const Node* node, int depth) const {
    const Node completed = node_from_json(value);
    for (const Json& branch : branches) {
      if (explanation_.fits(completed, branch)) return complete(value, branch, node, depth + 1);
    }
  }

  void complete_condition(Ordered& value, const Json& rule, const Node* node, int depth) const {
    const auto condition = rule.find("if");
    if (condition == rule.end()) return;
    const auto then = rule.find(explanation_.fits(node_from_json(value), *condition) ? "then" : "else");
    if (then != rule.end()) complete(value, *then, node, depth + 1);
  }

  void complete_text(Ordered& value, const Json& rule, const Node* node) const {
    const auto& text = value.get_ref<const std::string&>();
    const auto format = rule.find("format");
    if (format == rule.end() || !format->is_string()) return;
    if (*format == "path" || *format == "file") {
      value = absolute_path(text, node ? node->where.folder_or(context_.folder) : context_.folder);
    } else if (*format == "duration") {
      if (const auto parsed = base::parse_duration_ns(text)) value = *parsed;
    } else if (*format == "size") {
      if (const auto parsed = base::parse_size_bytes(text)) value = *parsed;
    }
  }

  const Explanation& explanation_;
  const Json& root_;
  const OptionsContext& context_;
};

// What valijson minds and the explanation has no words for.
base::Error unexplained(const Use& use, const Verdict& verdict) {
  base::Error error = base::manifest_error(
      "manifest.option", use.name + ": expected options that fit its schema, found: " + verdict.reason);
  const Node& near = use.options.nearest_at(verdict.pointer);
  error.place = &near == &use.options ? use.where.place() : near.place();
  error.link = use.link;
  return error;
}

}  // namespace

base::Place Config::place(std::string_view pointer, std::int64_t offset, std::size_t length) const {
  const Node* const exact = options.at(pointer);
  if (exact && exact != &options && offset >= 0) return exact->place_in_text(static_cast<std::size_t>(offset), length);
  const Node& near = options.nearest_at(pointer);
  return &near == &options || !near.where.source ? use.place() : near.place();
}

void lay_beneath(Use& use, const nlohmann::json& schema, const std::string& option, const Node& said) {
  const auto properties = schema.find("properties");
  if (said.kind != Kind::object || properties == schema.end() || !properties->contains(option)) return;
  const Node* const own = use.options.find(option);
  Node laid = said;
  if (own != nullptr) overlay(laid, *own);
  if (own != nullptr && own->kind == Kind::null)
    take(use.options, option);
  else
    put(use.options, {option, own != nullptr ? use.options.member(option)->key_where : said.where, std::move(laid)});
}

void allow_loss(Use& use, const nlohmann::json& schema) {
  const nlohmann::json::json_pointer loss("/properties/drift/properties/loss");
  if (!schema.contains(loss)) return;
  const Node* const own = use.options.find("drift");
  Node drift = own != nullptr && own->kind == Kind::object ? *own : node_from_json({{"loss", "allow"}});
  Node allow = node_from_json("allow");
  allow.where = own != nullptr ? own->where : use.where;
  put(drift, {"loss", allow.where, allow});
  put(use.options, {"drift", allow.where, std::move(drift)});
}

base::Result<Config> check_options(const Use& use, const nlohmann::json& schema, const OptionsContext& context) {
  Config config{{}, use.options, {}, use.where};
  std::vector<base::Error> errors;
  load_documents(use, config.options, schema, context, config.files, errors);
  if (!errors.empty()) return base::unexpected(joined(std::move(errors)));
  coerce(config.options, schema, schema);
  mark_secrets(config.options, schema, schema, context.redactor);
  config.json = config.options.to_json();
  const Explanation explanation(use, schema, context);
  std::vector<Finding> findings = explanation.explain(config.options);
  auto verdict = judge(schema, Json(config.json));
  if (!verdict) {
    base::Error error = std::move(verdict).error();
    error.message = use.name + ": " + error.message;
    error.place = use.where.place();
    return base::unexpected(std::move(error));
  }
  for (Finding& finding : findings) {
    if (finding.ours || !verdict->accepted) errors.push_back(std::move(finding.error));
  }
  if (errors.empty() && !verdict->accepted) {
    Use shown = use;
    shown.options = config.options;
    errors.push_back(unexplained(shown, *verdict));
  }
  if (!errors.empty()) return base::unexpected(joined(std::move(errors)));
  Completion(explanation, schema, context).complete(config.json, schema, &config.options, 0);
  return config;
}

}  // namespace weir::manifest
