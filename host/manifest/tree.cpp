// Node: look-ups, JSON, and the way back from a value to the bytes that spell it.
#include "manifest/tree.hpp"

#include <algorithm>
#include <charconv>

namespace weir::manifest {
namespace {

// Takes one token off a JSON pointer and undoes ~1 and ~0. Precondition: pointer begins with '/'.
std::string take_token(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::size_t end = std::min(pointer.find('/'), pointer.size());
  std::string token;
  for (std::size_t at = 0; at < end; ++at) {
    const bool escaped = pointer[at] == '~' && at + 1 < end && (pointer[at + 1] == '0' || pointer[at + 1] == '1');
    token += escaped ? (pointer[++at] == '0' ? '~' : '/') : pointer[at];
  }
  pointer.remove_prefix(end);
  return token;
}

std::string escape_token(std::string_view key) {
  std::string token;
  for (const char letter : key) {
    if (letter == '~')
      token += "~0";
    else if (letter == '/')
      token += "~1";
    else
      token += letter;
  }
  return token;
}

const Node* child(const Node& node, const std::string& token) {
  if (node.kind == Kind::object) return node.find(token);
  if (node.kind != Kind::array) return nullptr;
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool whole = problem == std::errc{} && end == token.data() + token.size();
  return whole && index < node.items.size() ? &node.items[index] : nullptr;
}

// Appends the way to `descendant` to `pointer`; says whether it is below.
bool find_way(const Node& node, const Node* descendant, std::string& pointer) {
  if (&node == descendant) return true;
  const std::size_t length = pointer.size();
  for (std::size_t index = 0; index < node.items.size(); ++index) {
    pointer += "/" + std::to_string(index);
    if (find_way(node.items[index], descendant, pointer)) return true;
    pointer.resize(length);
  }
  for (const Member& member : node.members) {
    pointer += "/" + escape_token(member.key);
    if (find_way(member.value, descendant, pointer)) return true;
    pointer.resize(length);
  }
  return false;
}

nlohmann::ordered_json number_to_json(const Node& node) {
  std::uint64_t large = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [stopped, problem] = std::from_chars(node.text.data(), end, large);
  if (problem == std::errc{} && stopped == end && !node.text.empty()) return large;  // beyond int64, within uint64
  return node.number;
}

}  // namespace

const Member* Node::member(std::string_view name) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [name](const Member& one) { return one.key == name; });
  return found == members.end() ? nullptr : &*found;
}

const Node* Node::find(std::string_view name) const {
  const Member* const found = member(name);
  return found ? &found->value : nullptr;
}

const Node* Node::at(std::string_view pointer) const {
  const Node* node = this;
  while (node && !pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    node = child(*node, take_token(pointer));
  }
  return node;
}

const Node& Node::nearest_at(std::string_view pointer) const {
  const Node* node = this;
  while (!pointer.empty() && pointer.front() == '/') {
    const Node* const next = child(*node, take_token(pointer));
    if (!next) break;
    node = next;
  }
  return *node;
}

std::optional<std::string> Node::pointer_to(const Node& descendant) const {
  std::string pointer;
  if (!find_way(*this, &descendant, pointer)) return std::nullopt;
  return pointer;
}

nlohmann::ordered_json Node::to_json() const {
  switch (kind) {
    case Kind::null: return nullptr;
    case Kind::boolean: return boolean;
    case Kind::integer: return integer;
    case Kind::number: return number_to_json(*this);
    case Kind::text: return text;
    case Kind::array: {
      auto list = nlohmann::ordered_json::array();
      for (const Node& item : items) list.push_back(item.to_json());
      return list;
    }
    case Kind::object: break;
  }
  // ordered_json looks for the key on each insertion; keys are unique here, so they are appended as they are.
  auto object = nlohmann::ordered_json::object();
  auto& entries = object.get_ref<nlohmann::ordered_json::object_t&>();
  for (const Member& one : members) entries.push_back({one.key, one.value.to_json()});
  return object;
}

base::Place Node::place_in_text(std::size_t text_offset, std::size_t length) const {
  if (kind != Kind::text || !where.source || runs.empty()) return place();
  for (const TextRun& run : runs) {
    if (text_offset >= run.text_offset + run.text_length) continue;
    if (!run.exact) return where.source->place(run.source_offset, run.source_length);
    const std::size_t inside = text_offset - run.text_offset;
    return where.source->place(run.source_offset + inside, std::min(length, run.text_length - inside));
  }
  const TextRun& last = runs.back();  // past the end: where the text ends
  return where.source->place(last.source_offset + last.source_length, 1);
}

Node without_secrets(Node node) {
  if (node.secret) node.text = "***";
  for (Node& item : node.items) item = without_secrets(std::move(item));
  for (Member& member : node.members) member.value = without_secrets(std::move(member.value));
  return node;
}

std::string describe(const Node& node) {
  constexpr std::size_t kShown = 60;
  if (node.secret) return "***";
  const auto count = [](std::size_t size, const char* empty, const char* filled) {
    return size == 0 ? std::string(empty) : filled + std::to_string(size);
  };
  switch (node.kind) {
    case Kind::null: return "null";
    case Kind::boolean: return node.boolean ? "true" : "false";
    case Kind::integer:
    case Kind::number: return node.text.substr(0, kShown);
    case Kind::array: return count(node.items.size(), "an empty list", "a list of ");
    case Kind::object: return node.members.empty() ? "an empty object" : "an object";
    case Kind::text: break;
  }
  if (node.text.size() <= kShown) return "\"" + node.text + "\"";
  std::size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(node.text[cut]) & 0xC0U) == 0x80) --cut;  // at a whole character
  return "\"" + node.text.substr(0, cut) + "…\"";
}

std::string kind_name(Kind kind) {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "true or false";
    case Kind::integer: return "an integer";
    case Kind::number: return "a number";
    case Kind::text: return "text";
    case Kind::array: return "a list";
    case Kind::object: break;
  }
  return "an object";
}

}  // namespace weir::manifest
