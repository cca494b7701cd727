#include "manifest/placeholders.hpp"

#include <algorithm>
#include <array>

#include "manifest/text_parts.hpp"

namespace weir::manifest {
namespace {

constexpr std::array<std::string_view, 3> kNamesOfStreams{"stream", "schema", "name"};
constexpr std::array<std::string_view, 4> kRoles{"extract", "transform", "load", "reject"};

template <class Names, class TextOf>
std::vector<Placeholder> holes_in(std::string_view text, const Names& names, const TextOf& text_of) {
  std::vector<Placeholder> found;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    for (const auto& one : names) {
      const std::string_view name = text_of(one);
      if (text.substr(open + 1, name.size()) != name || text.substr(open + 1 + name.size(), 1) != "}") continue;
      found.push_back({open, name.size() + 2, std::string(name)});
    }
  }
  return found;
}

class Filling {
 public:
  Filling(const PlaceholderValues& values, const SpellValue& spell) : values_(values), spell_(spell) {}

  void fill_chain(Node& tree, const Node* beneath) {
    for (Member& member : tree.members) {
      const Node* const same = beneath == nullptr ? nullptr : beneath->find(member.key);
      if (member.key == "branches") {
        for (Member& branch : member.value.members)
          fill_chain(branch.value, same == nullptr ? nullptr : same->find(branch.key));
      } else if (std::find(kRoles.begin(), kRoles.end(), member.key) != kRoles.end()) {
        fill_uses(member.value, same, member.key);
      }
    }
  }

  std::vector<std::string> decided;  // names that extracts and transforms had

 private:
  void fill_uses(Node& node, const Node* beneath, std::string_view role) {
    for (Node& item : node.items) fill_uses(item, nullptr, role);
    const Node* use = node.find("use");
    if (use == nullptr && beneath != nullptr) use = beneath->find("use");
    const std::string component = use != nullptr                                      ? use->text
                                  : beneath != nullptr && beneath->kind == Kind::text ? beneath->text
                                                                                      : std::string();
    for (Member& option : node.members) {
      if (option.key != "use" && option.key != "connection") fill(option.value, {role, component, option.key});
    }
  }

  void fill(Node& node, const OptionPlace& place) {
    for (Node& item : node.items) fill(item, place);
    for (Member& member : node.members) fill(member.value, place);
    if (node.kind != Kind::text) return;
    const auto holes = holes_in(node.text, values_, [](const auto& value) { return std::string_view(value.first); });
    if (holes.empty()) return;
    Node out;
    std::size_t at = 0;
    for (const Placeholder& hole : holes) {
      append_part(node, at, hole.from - at, out);
      append_value(where_of_part(node, hole.from, hole.length), spell_(place, values_.find(hole.name)->second), out);
      at = hole.from + hole.length;
      if (place.role == "extract" || place.role == "transform") decided.push_back(hole.name);
    }
    append_part(node, at, node.text.size() - at, out);
    node.text = std::move(out.text);
    node.runs = std::move(out.runs);
  }

  const PlaceholderValues& values_;
  const SpellValue& spell_;
};

}  // namespace

std::vector<Placeholder> placeholders_in(std::string_view text) {
  return holes_in(text, kNamesOfStreams, [](std::string_view name) { return name; });
}

std::vector<std::string> fill_in(Node& tree, const Node* beneath, const PlaceholderValues& values,
                                 const SpellValue& spell) {
  Filling filling(values, spell);
  filling.fill_chain(tree, beneath);
  return std::move(filling.decided);
}

}  // namespace weir::manifest
