// Uses of components, and what the host takes out of a storage's.
#include "manifest/use.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789_";

bool is_component(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of(kLower) == std::string_view::npos;
}

// Sets name and plugin from NAME or PLUGIN:NAME.
void read_name(const Node& node, const std::string& what, Use& use, Errors& errors) {
  use.where = node.where;
  const auto text = read_text(node, what, "use", errors);
  if (!text) return;
  const std::size_t colon = text->rfind(':');
  const std::string name = colon == std::string::npos ? *text : text->substr(colon + 1);
  const bool plugin = colon != 0;
  if (!is_component(name) || !plugin) {
    base::Error error = wrong_value(node, what, "use", "a component's name");
    const bool file = text->find_first_of("./*") != std::string::npos;
    errors.push_back(std::move(error).with_hint(
        file ? "a file is read and written by the component file: { use: file, path: " + describe(node) + " }"
             : "write a name in small letters, such as csv, or PLUGIN:NAME"));
    return;
  }
  use.name = name;
  if (colon != std::string::npos) use.plugin = text->substr(0, colon);
}

// `use:` is missing: says so, with the key that was probably meant to be it.
void refuse_nameless(const Node& node, const std::string& what, Errors& errors) {
  base::Error error = base::manifest_error(
      "manifest.use", what + ": expected 'use' and a component's name, found neither", node.place());
  error.hint = "write { use: NAME, … }";
  for (const Member& member : node.members) {
    if (member.key.starts_with("use:")) error.hint = "write a blank behind the colon: use: NAME";
    if (base::nearest(member.key, {"use"}).empty()) continue;
    error.place = member.key_where.place();
    error.message = what + ": unknown key '" + member.key + "'";
    error.hint = "did you mean 'use'?";
  }
  errors.push_back(std::move(error));
}

void read_link(const Node& node, const std::string& what, Use& use, Errors& errors) {
  const auto text = read_text(node, what, "name", errors);
  if (!text) return;
  if (is_link_name(*text)) {
    use.link = *text;
    return;
  }
  base::Error error = wrong_value(node, what, "name", "a link's name of 1 to 64 letters, digits, '_' or '-'");
  errors.push_back(std::move(error));
}

// Reads format and codec, given as an object or just by name.
std::optional<Use> read_part(Fields& fields, const std::string& what, const char* key, Errors& errors) {
  const Node* const node = fields.get(key);
  if (!node) return std::nullopt;
  Use use = read_use(*node, what + ": " + key, errors);
  if (!use.connection.empty()) {
    errors.push_back(
        base::manifest_error("manifest.connection",
                             what + ": " + key + ": expected no connection: it reaches no system by itself",
                             use.connection_where.place())
            .with_hint("give the connection to '" + what + "'"));
  }
  return use;
}

// Takes a member out of the options: it is the host's.
std::optional<Node> take_option(Node& options, std::string_view key) {
  const auto found =
      std::find_if(options.members.begin(), options.members.end(), [key](const Member& one) { return one.key == key; });
  if (found == options.members.end()) return std::nullopt;
  Node node = std::move(found->value);
  options.members.erase(found);
  return node;
}

void read_by(const Node& node, const std::string& what, std::vector<std::string>& by, Errors& errors) {
  if (node.kind == Kind::text) {
    by.push_back(node.text);
    return;
  }
  if (node.kind != Kind::array) {
    errors.push_back(wrong_value(node, what, "by", "a column or a list of columns"));
    return;
  }
  for (const Node& item : node.items) {
    if (const auto column = read_text(item, what, "by", errors)) by.push_back(*column);
  }
}

void refuse_zero(const Node* node, std::optional<std::uint64_t>& value, const std::string& what, const char* key,
                 Errors& errors) {
  if (!node || value != 0U) return;
  errors.push_back(wrong_value(*node, what, key, "more than 0"));
  value.reset();
}

// The limit on expansion may stand beside the codec, or in it.
void read_max_size(Fields& fields, const std::string& what, Composition& composition, Errors& errors) {
  composition.max_size_bytes = fields.size_bytes("max_size");
  if (const Node* const node = fields.get("max_size")) composition.max_size_where = node->where;
  if (!composition.codec) return;
  const std::optional<Node> inner = take_option(composition.codec->options, "max_size");
  if (!given(inner ? &*inner : nullptr)) return;
  if (composition.max_size_where.source) {
    errors.push_back(
        base::manifest_error("manifest.duplicate_key", what + ": option 'max_size' is given twice", inner->place()));
    return;
  }
  composition.max_size_where = inner->where;
  composition.max_size_bytes = read_size(*inner, what + ": codec", "max_size", errors);
}

void read_parts_of_output(Fields& fields, const std::string& what, Composition& composition, Errors& errors) {
  const auto where = [&fields](const char* key) {
    const Node* const node = fields.get(key);
    return node ? node->where : Where{};
  };
  composition.rows = fields.count("rows");
  refuse_zero(fields.get("rows"), composition.rows, what, "rows", errors);
  composition.rows_where = where("rows");
  composition.bytes = fields.size_bytes("bytes");
  refuse_zero(fields.get("bytes"), composition.bytes, what, "bytes", errors);
  composition.bytes_where = where("bytes");
  composition.by_where = where("by");
  if (const Node* const by = fields.get("by")) read_by(*by, what, composition.by, errors);
  composition.append_where = where("append");
  composition.append = fields.boolean("append").value_or(false);
}

Verify read_verify(Fields& fields, const std::string& what, Errors& errors) {
  const auto word = fields.text("verify");
  if (!word || *word == "last") return Verify::last;
  if (*word == "first") return Verify::first;
  if (*word == "off") return Verify::off;
  errors.push_back(wrong_value(*fields.get("verify"), what, "verify", "last, first or off"));
  return Verify::last;
}

// Refuses what only the other side can have.
void refuse_keys_of(Side other, const Use& use, Errors& errors) {
  const bool written = other == Side::write;
  const std::vector<const char*> keys = written ? std::vector{"rows", "bytes", "by", "append"} : std::vector{"verify"};
  for (const char* const key : keys) {
    const Member* const member = use.options.member(key);
    if (!member) continue;
    errors.push_back(base::manifest_error(
        "manifest.side",
        use.name + ": option '" + key + "' belongs to what is " +
            (written ? "written, found where rows are read" : "read, found where rows are written"),
        member->key_where.place()));
  }
}

}  // namespace

bool is_link_name(std::string_view name) {
  static constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kLetters) == std::string_view::npos;
}

Use read_use(const Node& node, const std::string& what, Errors& errors) {
  Use use;
  use.where = node.where;
  use.options.kind = Kind::object;
  use.options.where = node.where;
  if (node.kind == Kind::text) {
    read_name(node, what, use, errors);
    return use;
  }
  if (node.kind != Kind::object) {
    errors.push_back(wrong_value(node, what, "", "an object with 'use'").with_hint("write { use: NAME, … }"));
    return use;
  }
  bool named = false;
  for (const Member& member : node.members) {
    if (member.key == "use") {
      named = true;
      read_name(member.value, what, use, errors);
    } else if (member.key == "name") {
      read_link(member.value, what, use, errors);
    } else if (member.key == "connection") {
      use.connection = read_text(member.value, what, "connection", errors).value_or("");
      use.connection_where = member.value.where;
    } else {
      use.options.members.push_back(member);
    }
  }
  if (!named) refuse_nameless(node, what, errors);
  return use;
}

const std::vector<std::string>& composition_keys() { return keys_of("composition"); }

base::Result<Composed> compose(const Use& use, Side side) {
  Errors errors;
  Composed composed{use, {}};
  Fields fields(use.options, "composition", use.name, errors);
  composed.composition.format = read_part(fields, use.name, "format", errors);
  composed.composition.codec = read_part(fields, use.name, "codec", errors);
  read_max_size(fields, use.name, composed.composition, errors);
  if (side == Side::write) {
    read_parts_of_output(fields, use.name, composed.composition, errors);
    refuse_keys_of(Side::read, use, errors);
  } else {
    composed.composition.verify = read_verify(fields, use.name, errors);
    refuse_keys_of(Side::write, use, errors);
  }
  for (const std::string& key : composition_keys()) take_option(composed.storage.options, key);
  if (!errors.empty()) return base::unexpected(joined(std::move(errors)));
  return composed;
}

}  // namespace weir::manifest
