#include "manifest/streams.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/dotted_name.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "manifest/overlay.hpp"
#include "manifest/reader.hpp"
#include "manifest/text_parts.hpp"

namespace weir::manifest {
namespace {

constexpr std::array<std::string_view, 3> kNames{"stream", "schema", "name"};

// Fills the names of a stream in, wherever a use has them.
class Filling {
 public:
  Filling(const StreamName& stream, const SpellValue& spell) : stream_(stream), spell_(spell) {}

  void fill_chain(Node& tree) {
    for (Member& member : tree.members) {
      if (member.key == "branches") {
        for (Member& branch : member.value.members) fill_chain(branch.value);
      } else if (member.key == "extract" || member.key == "transform" || member.key == "load" ||
                 member.key == "reject") {
        fill_uses(member.value, member.key);
      }
    }
  }

 private:
  void fill_uses(Node& node, std::string_view role) {
    for (Node& item : node.items) fill_uses(item, role);
    const Node* const use = node.find("use");
    const std::string component = use == nullptr ? std::string() : use->text;
    for (Member& option : node.members) {
      if (option.key != "use" && option.key != "connection") fill(option.value, {role, component, option.key});
    }
  }

  void fill(Node& node, const OptionPlace& place) {
    for (Node& item : node.items) fill(item, place);
    for (Member& member : node.members) fill(member.value, place);
    if (node.kind != Kind::text) return;
    const auto holes = placeholders_in(node.text);
    if (holes.empty()) return;
    Node out;
    std::size_t at = 0;
    for (const Placeholder& hole : holes) {
      append_part(node, at, hole.from - at, out);
      append_value(where_of_part(node, hole.from, hole.length), spell_(place, value(hole.name)), out);
      at = hole.from + hole.length;
    }
    append_part(node, at, node.text.size() - at, out);
    node.text = std::move(out.text);
    node.runs = std::move(out.runs);
  }

  const std::string& value(std::string_view name) const {
    return name == "stream" ? stream_.stream : name == "schema" ? stream_.schema : stream_.name;
  }

  const StreamName& stream_;
  const SpellValue& spell_;
};

}  // namespace

StreamName stream_name_of(std::string_view stream) {
  auto parts = base::parts_of_name(stream);
  StreamName name{std::string(stream), {}, std::move(parts.back())};
  parts.pop_back();
  for (const auto& part : parts) name.schema += (name.schema.empty() ? "" : ".") + part;
  return name;
}

std::vector<Placeholder> placeholders_in(std::string_view text) {
  std::vector<Placeholder> found;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    for (const std::string_view name : kNames) {
      if (text.substr(open + 1, name.size()) != name || text.substr(open + 1 + name.size(), 1) != "}") continue;
      found.push_back({open, name.size() + 2, std::string(name)});
    }
  }
  return found;
}

Draft draft_of_stream(const Draft& whole, const StreamName& stream, const SpellValue& spell) {
  Node tree = whole.manifest.tree;
  take(tree, "streams");
  for (const StreamOverride& one : whole.manifest.overrides) {
    if (one.stream == stream.stream) overlay(tree, one.over);
  }
  for (Member& member : tree.members) {
    if (member.key == "extract") take(member.value, "streams");
  }
  Filling(stream, spell).fill_chain(tree);
  Draft draft;
  draft.readable = true;
  draft.manifest.file = whole.manifest.file;
  draft.manifest.path = whole.manifest.path;
  draft.manifest.folder = whole.manifest.folder;
  draft.manifest.stream = stream.stream;
  read_manifest(tree, draft.manifest, draft.errors);
  draft.manifest.tree = std::move(tree);
  return draft;
}

}  // namespace weir::manifest
