// Fields: types, units and unknown keys of the host's own objects.
#include "manifest/fields.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/units.hpp"
#include "manifest/scalar.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

std::string prefix(const std::string& what, const std::string& key) {
  if (key.empty()) return what.empty() ? "" : what + ": ";
  return (what.empty() ? "" : what + ": ") + "option '" + key + "': ";
}

// A text from ${...}, read as a plain scalar.
Node plain(const Node& node) {
  Node copy = node;
  if (node.kind == Kind::text && node.interpolated) resolve_plain(copy);
  return copy;
}

// The loader and the vocabulary differ: a fault of weir, which every test of a manifest finds.
[[noreturn]] void broken(std::string_view definition, std::string_view key, const char* which) {
  std::fprintf(stderr, "weir: '%.*s' of '%.*s' is %s by the loader or the vocabulary only\n",
               static_cast<int>(key.size()), key.data(), static_cast<int>(definition.size()), definition.data(), which);
  std::abort();
}

// Durations and sizes: what the parser of units says, at the node.
std::optional<std::int64_t> read_units(const Node& node, const std::string& subject, const char* expected,
                                       const char* example, base::Result<std::int64_t> (*parse)(std::string_view),
                                       Errors& errors) {
  if (node.kind == Kind::text) {
    auto parsed = parse(node.text);
    if (parsed) return *parsed;
    base::Error error = std::move(parsed).error();
    error.message = node.secret ? subject + "expected " + expected + ", found ***" : subject + error.message;
    error.place = node.place();
    errors.push_back(std::move(error));
    return std::nullopt;
  }
  base::Error error = base::manifest_error(
      "manifest.unit", subject + "expected " + expected + " with a unit, found " + describe(node), node.place());
  const bool bare = node.kind == Kind::integer || node.kind == Kind::number;
  error.hint = bare ? "write " + describe(node) + example : std::string("write 10") + example;
  errors.push_back(std::move(error));
  return std::nullopt;
}

}  // namespace

base::Error wrong_value(const Node& node, const std::string& what, const std::string& key,
                        const std::string& expected) {
  return base::manifest_error("manifest.type", prefix(what, key) + "expected " + expected + ", found " + describe(node),
                              node.place());
}

std::optional<std::string> read_text(const Node& node, const std::string& what, const std::string& key,
                                     Errors& errors) {
  if (node.kind == Kind::text) return node.text;
  base::Error error = wrong_value(node, what, key, "text");
  if (!node.text.empty() || node.kind == Kind::boolean)
    error.hint = "put it in quotes: \"" + (node.text.empty() ? describe(node) : node.text) + "\"";
  errors.push_back(std::move(error));
  return std::nullopt;
}

std::optional<std::uint64_t> read_count(const Node& node, const std::string& what, const std::string& key,
                                        Errors& errors) {
  const Node value = plain(node);
  if (value.kind == Kind::integer && value.integer >= 0) return static_cast<std::uint64_t>(value.integer);
  errors.push_back(wrong_value(node, what, key, "a whole number, 0 or more"));
  return std::nullopt;
}

std::optional<bool> read_boolean(const Node& node, const std::string& what, const std::string& key, Errors& errors) {
  const Node value = plain(node);
  if (value.kind == Kind::boolean) return value.boolean;
  errors.push_back(wrong_value(node, what, key, "true or false"));
  return std::nullopt;
}

std::optional<std::int64_t> read_duration(const Node& node, const std::string& what, const std::string& key,
                                          Errors& errors) {
  return read_units(node, prefix(what, key), "a duration", "s", base::parse_duration_ns, errors);
}

std::optional<std::uint64_t> read_size(const Node& node, const std::string& what, const std::string& key,
                                       Errors& errors) {
  const auto bytes = read_units(node, prefix(what, key), "a size", "MiB", base::parse_size_bytes, errors);
  return bytes ? std::optional(static_cast<std::uint64_t>(*bytes)) : std::nullopt;
}

Fields::Fields(const Node& object, std::string_view definition, std::string what, Errors& errors)
    : object_(object), definition_(definition), what_(std::move(what)), errors_(errors) {
  if (object.kind == Kind::object) return;
  errors.push_back(
      wrong_value(object, what_, "", what_.empty() ? "a manifest, an object that begins with weir: 1" : "an object"));
  if (what_.empty()) errors.back().hint = "of a file with data, weir init FILE makes a manifest";
}

const Node* Fields::get(std::string_view key) {
  if (!is_key_of(definition_, key)) broken(definition_, key, "read");
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  const Node* const found = object_.find(key);
  return given(found) ? found : nullptr;
}

std::optional<std::string> Fields::text(std::string_view key) {
  const Node* const node = get(key);
  return node ? read_text(*node, what_, std::string(key), errors_) : std::nullopt;
}

std::optional<std::uint64_t> Fields::count(std::string_view key) {
  const Node* const node = get(key);
  return node ? read_count(*node, what_, std::string(key), errors_) : std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view key) {
  const Node* const node = get(key);
  return node ? read_boolean(*node, what_, std::string(key), errors_) : std::nullopt;
}

std::optional<std::int64_t> Fields::duration_ns(std::string_view key) {
  const Node* const node = get(key);
  return node ? read_duration(*node, what_, std::string(key), errors_) : std::nullopt;
}

std::optional<std::uint64_t> Fields::size_bytes(std::string_view key) {
  const Node* const node = get(key);
  return node ? read_size(*node, what_, std::string(key), errors_) : std::nullopt;
}

void Fields::pass_over(std::string_view key) { passed_over_.emplace_back(key); }

void Fields::refuse_unknown() const {
  const auto holds = [](const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  const auto& known = keys_of(definition_);
  for (const std::string& key : known) {
    if (!holds(asked_, key) && !holds(passed_over_, key)) broken(definition_, key, "known");
  }
  for (const Member& member : object_.members) {
    if (holds(known, member.key) || holds(passed_over_, member.key)) continue;
    base::Error error = base::manifest_error("manifest.unknown_key",
                                             prefix(what_, "") + "unknown key '" + member.key.substr(0, 80) + "'",
                                             member.key_where.place());
    const std::string near = base::nearest(member.key, known);
    std::string list;
    for (const std::string& key : known) list += (list.empty() ? "" : ", ") + key;
    error.hint = near.empty() ? "known are: " + list : "did you mean '" + near + "'?";
    errors_.push_back(std::move(error));
  }
}

}  // namespace weir::manifest
