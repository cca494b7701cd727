// Says in words, and at its place, what a JSON Schema minds. Walks value and schema side by side; whether the value is
// accepted is valijson's word (judge()), the sentences are ours.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/units.hpp"
#include "manifest/scalar.hpp"
#include "manifest/schema.hpp"

namespace weir::manifest {

struct Explanation::Spot {
  const Node& value;
  const Json& schema;  // resolved
  std::string name;    // "checks[0].min"; empty: the options as a whole
  bool strict = true;  // an object refuses what its properties do not name; not inside combinations
  int depth = 0;

  const Json* rule(const char* key) const {
    if (!schema.is_object()) return nullptr;
    const auto found = schema.find(key);
    return found == schema.end() ? nullptr : &*found;
  }
  const Json* list(const char* key) const {
    const Json* const found = rule(key);
    return found && found->is_array() ? found : nullptr;
  }
  std::string format() const {
    const Json* const found = rule("format");
    return found && found->is_string() ? found->get<std::string>() : std::string();
  }
  std::string inner(const std::string& key) const { return name.empty() ? key : name + "." + key; }
};

namespace {

std::string json_text(const Json& value) {
  if (value.is_string()) return "'" + value.get<std::string>() + "'";
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string words(const std::vector<std::string>& parts, const char* last) {
  std::string text;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0) text += at + 1 == parts.size() ? std::string(" ") + last + " " : ", ";
    text += parts[at];
  }
  return text;
}

std::string type_name(const std::string& type, const std::string& format) {
  if (type == "boolean") return "true or false";
  if (type == "integer") return "an integer";
  if (type == "number") return "a number";
  if (type == "array") return "a list";
  if (type == "object") return "an object";
  if (type == "null") return "null";
  if (format == "duration") return "a duration with a unit";
  if (format == "size") return "a size with a unit";
  return "text";
}

bool same(const Node& node, const Json& wanted) {
  if (wanted.is_number()) {
    const bool number = node.kind == Kind::integer || node.kind == Kind::number;
    return number && (wanted.is_number_integer() && node.kind == Kind::integer ? Json(node.integer) == wanted
                                                                               : node.number == wanted.get<double>());
  }
  return Json(node.to_json()) == wanted;
}

std::string quoted_hint(const Node& value, const std::vector<std::string>& types, const std::string& format) {
  const bool text = std::find(types.begin(), types.end(), "string") != types.end();
  const bool number = value.kind == Kind::integer || value.kind == Kind::number;
  if (text && number && format == "duration") return "write " + describe(value) + "s";
  if (text && number && format == "size") return "write " + describe(value) + "MiB";
  Node plain = value;
  if (value.kind == Kind::text) resolve_plain(plain);
  const bool meant =
      plain.kind != Kind::text &&
      std::any_of(types.begin(), types.end(), [&plain](const std::string& one) { return is_type(plain, one); });
  if (meant) return "take the quotes away";
  const bool boolean = std::find(types.begin(), types.end(), "boolean") != types.end();
  static constexpr std::array<std::string_view, 6> kYes{"yes", "Yes", "YES", "on", "On", "ON"};
  static constexpr std::array<std::string_view, 6> kNo{"no", "No", "NO", "off", "Off", "OFF"};
  if (boolean && std::find(kYes.begin(), kYes.end(), value.text) != kYes.end()) return "write true";
  if (boolean && std::find(kNo.begin(), kNo.end(), value.text) != kNo.end()) return "write false";
  if (text && (number || value.kind == Kind::boolean)) return "put it in quotes: \"" + describe(value) + "\"";
  return {};
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char one) { return (static_cast<unsigned char>(one) & 0xC0U) != 0x80; }));
}

std::string number_text(double value) {
  const Json json =
      std::floor(value) == value && std::abs(value) < 1e15 ? Json(static_cast<std::int64_t>(value)) : Json(value);
  return json.dump();
}

}  // namespace

std::vector<Finding> Explanation::explain(const Node& options) const {
  std::vector<Finding> found;
  check({options, resolved(root_, root_), "", true, 0}, found);
  return found;
}

bool Explanation::fits(const Node& value, const Json& schema) const {
  std::vector<Finding> found;
  check({value, resolved(schema, root_), "", false, 0}, found);
  return found.empty();
}

void Explanation::add(const Spot& spot, std::string code, const std::string& message, std::string hint, bool ours,
                      std::vector<Finding>& found) const {
  const std::string subject = use_.name + ": " + (spot.name.empty() ? "" : "option '" + spot.name + "': ");
  const Where& where = spot.name.empty() ? use_.where : spot.value.where;
  base::Error error = base::manifest_error(std::move(code), subject + message, where.place());
  error.hint = std::move(hint);
  error.link = use_.link;
  if (spot.value.secret && !spot.value.interpolated) error.place.source_line.clear();  // the secret stands there
  found.push_back({std::move(error), ours});
}

void Explanation::check(const Spot& spot, std::vector<Finding>& found) const {
  if (spot.depth > kMaxSchemaDepth) return;
  if (spot.schema == Json(false))
    return add(spot, "manifest.option", "expected nothing, found " + describe(spot.value), "", false, found);
  if (!spot.schema.is_object()) return;
  if (const Json* const type = spot.rule("type"); type && !type->is_null()) {
    const auto types = accepted_types(spot.schema, root_);
    // Beyond 64 bits valijson sees a double.
    const bool beyond = spot.value.kind == Kind::number && std::abs(spot.value.number) >= 9.2e18 &&
                        std::find(types.begin(), types.end(), "number") == types.end() &&
                        std::find(types.begin(), types.end(), "integer") != types.end();
    if (beyond)
      return add(spot, "manifest.range", "expected an integer of at most 64 bits, found " + describe(spot.value), "",
                 false, found);
    if (std::none_of(types.begin(), types.end(),
                     [&spot](const std::string& one) { return is_type(spot.value, one); })) {
      std::vector<std::string> names;
      names.reserve(types.size());
      for (const std::string& one : types) names.push_back(type_name(one, spot.format()));
      return add(spot, "manifest.type", "expected " + words(names, "or") + ", found " + describe(spot.value),
                 quoted_hint(spot.value, types, spot.format()), false, found);
    }
  }
  const std::size_t before = found.size();
  check_choices(spot, found);
  if (found.size() > before) return;
  if (spot.value.kind == Kind::text) check_text(spot, found);
  if (spot.value.kind == Kind::integer || spot.value.kind == Kind::number) check_number(spot, found);
  if (spot.value.kind == Kind::array) check_array(spot, found);
  if (spot.value.kind == Kind::object) check_object(spot, found);
  check_conditions(spot, found);
}

void Explanation::check_choices(const Spot& spot, std::vector<Finding>& found) const {
  if (const Json* const wanted = spot.rule("const"); wanted && !same(spot.value, *wanted)) {
    add(spot, "manifest.choice", "expected " + json_text(*wanted) + ", found " + describe(spot.value), "", false,
        found);
  }
  const Json* const choices = spot.list("enum");
  if (!choices) return;
  if (std::any_of(choices->begin(), choices->end(), [&spot](const Json& one) { return same(spot.value, one); })) return;
  std::vector<std::string> texts;
  std::vector<std::string> shown;
  for (const Json& choice : *choices) {
    shown.push_back(json_text(choice));
    if (choice.is_string()) texts.push_back(choice);
  }
  const std::string near =
      spot.value.kind == Kind::text && !spot.value.secret ? base::nearest(spot.value.text, texts) : "";
  add(spot, "manifest.choice",
      (shown.size() > 1 ? "expected one of " : "expected ") + words(shown, "or") + ", found " + describe(spot.value),
      near.empty() ? "" : "did you mean '" + near + "'?", false, found);
}

void Explanation::check_text(const Spot& spot, std::vector<Finding>& found) const {
  const std::string& text = spot.value.text;
  const auto refuse = [&](const std::string& message) {
    add(spot, "manifest.text", message + ", found " + describe(spot.value), "", false, found);
  };
  const std::string format = spot.format();
  if (format == "duration" || format == "size") {
    auto parsed = format == "size" ? base::parse_size_bytes(text) : base::parse_duration_ns(text);
    if (!parsed) {
      const std::string expected =
          format == "size" ? "expected a size with a unit, found " : "expected a duration with a unit, found ";
      return add(spot, "manifest.unit", expected + describe(spot.value), spot.value.secret ? "" : parsed.error().hint,
                 true, found);
    }
  }
  if (format == "path" && text.empty())
    add(spot, "manifest.text", "expected a path, found an empty text", "", true, found);
  const std::size_t length = characters(text);
  if (const Json* const limit = spot.rule("minLength");
      limit && limit->is_number_unsigned() && length < limit->get<std::uint64_t>()) {
    refuse("expected at least " + limit->dump() + (*limit == 1 ? " character" : " characters"));
  }
  if (const Json* const limit = spot.rule("maxLength");
      limit && limit->is_number_unsigned() && length > limit->get<std::uint64_t>()) {
    refuse("expected at most " + limit->dump() + (*limit == 1 ? " character" : " characters"));
  }
  const Json* const pattern = spot.rule("pattern");
  if (!pattern || !pattern->is_string()) return;
  if (text.size() > kMaxMatchedBytes) {
    add(spot, "manifest.text", "expected at most 2048 bytes, found " + base::format_count(text.size()), "", true,
        found);
  } else if (!matches(text, *pattern)) {
    refuse("expected text of the pattern " + pattern->get<std::string>());
  }
}

void Explanation::check_number(const Spot& spot, std::vector<Finding>& found) const {
  const double value = spot.value.number;
  const auto limit = [&spot](const char* key) -> std::optional<double> {
    const Json* const rule = spot.rule(key);
    return rule && rule->is_number() ? std::optional(rule->get<double>()) : std::nullopt;
  };
  const auto refuse = [&](const std::string& expected) {
    add(spot, "manifest.range", "expected " + expected + ", found " + describe(spot.value), "", false, found);
  };
  const auto least = limit("minimum");
  const auto most = limit("maximum");
  const bool outside = (least && value < *least) || (most && value > *most);
  if (outside && least && most) return refuse("a number from " + number_text(*least) + " to " + number_text(*most));
  if (outside) return refuse(least ? "at least " + number_text(*least) : "at most " + number_text(*most));
  if (const auto above = limit("exclusiveMinimum"); above && value <= *above)
    refuse("more than " + number_text(*above));
  if (const auto below = limit("exclusiveMaximum"); below && value >= *below)
    refuse("less than " + number_text(*below));
  if (const auto step = limit("multipleOf"); step && *step > 0) {
    const double steps = value / *step;
    if (std::abs(steps - std::round(steps)) > 1e-9) refuse("a multiple of " + number_text(*step));
  }
}

void Explanation::check_array(const Spot& spot, std::vector<Finding>& found) const {
  const auto& items = spot.value.items;
  const auto limit = [&spot](const char* key, std::uint64_t otherwise) {
    const Json* const rule = spot.rule(key);
    return rule && rule->is_number_unsigned() ? rule->get<std::uint64_t>() : otherwise;
  };
  const std::uint64_t least = limit("minItems", 0);
  const std::uint64_t most = limit("maxItems", UINT64_MAX);
  if (items.size() < least)
    add(spot, "manifest.list",
        "expected at least " + std::to_string(least) + (least == 1 ? " value" : " values") + ", found " +
            describe(spot.value),
        "", false, found);
  if (items.size() > most)
    add(spot, "manifest.list",
        "expected at most " + std::to_string(most) + (most == 1 ? " value" : " values") + ", found " +
            describe(spot.value),
        "", false, found);
  const Json* const rules = spot.rule("items");
  for (std::size_t at = 0; rules && at < items.size(); ++at) {
    const bool each = !rules->is_array();
    if (!each && at >= rules->size()) break;
    check({items[at], resolved(each ? *rules : (*rules)[at], root_), spot.name + "[" + std::to_string(at) + "]", true,
           spot.depth + 1},
          found);
  }
  const Json* const unique = spot.rule("uniqueItems");
  if (!unique || *unique != Json(true) || items.size() > 1000) return;
  for (std::size_t at = 1; at < items.size(); ++at) {
    const Json value = items[at].to_json();
    const bool twice = std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(at),
                                   [&value](const Node& one) { return Json(one.to_json()) == value; });
    if (!twice) continue;
    const Spot item{items[at], spot.schema, spot.name, false, spot.depth};
    return add(item, "manifest.list", "expected each value once, found " + describe(items[at]) + " twice", "", false,
               found);
  }
}

void Explanation::check_object(const Spot& spot, std::vector<Finding>& found) const {
  const auto& members = spot.value.members;
  const Json* const least = spot.rule("minProperties");
  const Json* const most = spot.rule("maxProperties");
  if (least && least->is_number_unsigned() && members.size() < least->get<std::uint64_t>()) {
    add(spot, "manifest.object",
        "expected at least " + least->dump() + " entries, found " + std::to_string(members.size()), "", false, found);
  }
  if (most && most->is_number_unsigned() && members.size() > most->get<std::uint64_t>()) {
    add(spot, "manifest.object",
        "expected at most " + most->dump() + " entries, found " + std::to_string(members.size()), "", false, found);
  }
  for (const Member& member : members) check_member(spot, member, found);
  check_required(spot, found);
}

void Explanation::check_member(const Spot& spot, const Member& member, std::vector<Finding>& found) const {
  bool known = false;
  const auto descend = [&](const Json& schema) {
    known = true;
    check({member.value, resolved(schema, root_), spot.inner(member.key), true, spot.depth + 1}, found);
  };
  const Json* const properties = spot.rule("properties");
  if (properties && properties->is_object() && properties->contains(member.key)) descend((*properties)[member.key]);
  if (const Json* const patterns = spot.rule("patternProperties"); patterns && patterns->is_object()) {
    for (const auto& [pattern, schema] : patterns->items()) {
      if (matches(member.key, pattern)) descend(schema);
    }
  }
  if (known) return;
  const Json* const rest = spot.rule("additionalProperties");
  if (rest && rest->is_object()) return descend(*rest);
  const bool open = rest && *rest == Json(true);
  const bool named = properties || spot.name.empty();
  const bool combined = spot.rule("oneOf") || spot.rule("anyOf") || spot.rule("allOf") || spot.rule("if") ||
                        spot.rule("patternProperties");
  const bool closed = rest && *rest == Json(false);
  if (!open && (closed || (spot.strict && named && !combined))) refuse_unknown(spot, member, found);
}

void Explanation::refuse_unknown(const Spot& spot, const Member& member, std::vector<Finding>& found) const {
  std::vector<std::string> known;
  if (const Json* const properties = spot.rule("properties"); properties && properties->is_object()) {
    for (const auto& [key, schema] : properties->items()) known.push_back(key);
  }
  if (spot.name.empty()) known.insert(known.end(), context_.host_keys.begin(), context_.host_keys.end());
  const std::string near = base::nearest(member.key, known);
  base::Error error = base::manifest_error(
      "manifest.unknown_option", use_.name + ": unknown option '" + spot.inner(member.key.substr(0, 80)) + "'",
      member.key_where.place());
  error.hint = known.empty() ? "'" + use_.name + "' has no options" : "known are: " + words(known, "and");
  if (!near.empty()) error.hint = "did you mean '" + near + "'?";
  // { where: a in (1, 2) }: for YAML the comma ends the value, and what follows is a key.
  const bool piece = member.value.kind == Kind::null && member.key.find_first_of("()'\"=<>+*|") != std::string::npos;
  if (piece) error.hint = "inside { } a comma ends a value: put a text that holds one in quotes";
  error.link = use_.link;
  found.push_back({std::move(error), true});
}

void Explanation::check_required(const Spot& spot, std::vector<Finding>& found) const {
  const Json* const required = spot.list("required");
  if (!required) return;
  for (const Json& key : *required) {
    if (!key.is_string() || spot.value.find(key.get_ref<const std::string&>())) continue;
    const bool misspelled =
        std::any_of(spot.value.members.begin(), spot.value.members.end(), [&](const Member& member) {
          const Json* const properties = spot.rule("properties");
          const bool known = properties && properties->is_object() && properties->contains(member.key);
          return !known && !base::nearest(member.key, {key.get<std::string>()}).empty();
        });
    if (misspelled && spot.strict) continue;  // told as an unknown option, with what was meant
    add(spot, "manifest.missing_option", "expected option '" + key.get<std::string>() + "', found none",
        "add " + key.get<std::string>() + ":", false, found);
  }
}

void Explanation::check_branches(const Spot& spot, const Json& branches, std::vector<Finding>& found) const {
  std::vector<Finding> best;
  bool first = true;
  std::size_t candidates = 0;
  std::vector<std::string> names;
  for (const Json& branch : branches) {
    const Json& schema = resolved(branch, root_);
    std::vector<Finding> inner;
    check({spot.value, schema, spot.name, false, spot.depth + 1}, inner);
    if (inner.empty()) return;
    const auto types = accepted_types(schema, root_);
    const std::string format = schema.is_object() && schema.contains("format") && schema["format"].is_string()
                                   ? schema["format"].get<std::string>()
                                   : "";
    for (const std::string& type : types) {
      const std::string name = type_name(type, format);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    const bool possible = types.empty() || std::any_of(types.begin(), types.end(), [&spot](const std::string& one) {
                            return is_type(spot.value, one);
                          });
    if (!possible) continue;
    ++candidates;
    if (first || inner.size() < best.size()) best = std::move(inner);
    first = false;
  }
  if (candidates > 0) {
    std::move(best.begin(), best.end(), std::back_inserter(found));
  } else if (!names.empty()) {
    add(spot, "manifest.type", "expected " + words(names, "or") + ", found " + describe(spot.value), "", false, found);
  }
}

void Explanation::check_conditions(const Spot& spot, std::vector<Finding>& found) const {
  const auto same_value = [&spot, this](const Json& schema) {
    return Spot{spot.value, resolved(schema, root_), spot.name, false, spot.depth + 1};
  };
  for (const char* const key : {"anyOf", "oneOf"}) {
    if (const Json* const branches = spot.list(key)) check_branches(spot, *branches, found);
  }
  if (const Json* const all = spot.list("allOf")) {
    for (const Json& schema : *all) check(same_value(schema), found);
  }
  const auto holds = [&](const Json& schema) {
    std::vector<Finding> inner;
    check(same_value(schema), inner);
    return inner.empty();
  };
  if (const Json* const condition = spot.rule("if")) {
    if (const Json* const then = spot.rule(holds(*condition) ? "then" : "else")) check(same_value(*then), found);
  }
}

}  // namespace weir::manifest
