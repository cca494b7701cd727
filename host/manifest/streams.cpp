#include "manifest/streams.hpp"

#include <utility>

#include "base/dotted_name.hpp"
#include "manifest/diagnostics.hpp"
#include "manifest/manifest.hpp"
#include "manifest/overlay.hpp"
#include "manifest/reader.hpp"

namespace weir::manifest {

StreamName stream_name_of(std::string_view stream) {
  auto parts = base::parts_of_name(stream);
  StreamName name{std::string(stream), {}, std::move(parts.back())};
  parts.pop_back();
  for (const auto& part : parts) name.schema += (name.schema.empty() ? "" : ".") + part;
  return name;
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
  fill_in(tree, nullptr, {{"stream", stream.stream}, {"schema", stream.schema}, {"name", stream.name}}, spell);
  Draft draft;
  draft.readable = true;
  draft.manifest.file = whole.manifest.file;
  draft.manifest.path = whole.manifest.path;
  draft.manifest.folder = whole.manifest.folder;
  draft.manifest.stream = stream.stream;
  draft.manifest.range = whole.manifest.range;
  read_manifest(tree, draft.manifest, draft.errors);
  draft.manifest.tree = std::move(tree);
  return draft;
}

}  // namespace weir::manifest
