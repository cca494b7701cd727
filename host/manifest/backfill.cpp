#include "manifest/backfill.hpp"

#include <algorithm>
#include <utility>

#include "manifest/manifest.hpp"
#include "manifest/overlay.hpp"
#include "manifest/reader.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

constexpr const char* kHowTo =
    "say what is read of a range, and where it goes: backfill: { extract: { path: \"in/{range}.csv\" }, load: { … } }";

base::Error wrong_backfill(const char* code, std::string message, base::Place place) {
  return base::manifest_error(code, std::move(message), std::move(place)).with_hint(kHowTo);
}

// Whether what was filled in makes one range differ from another.
bool tells_apart(const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), "range") != names.end() ||
         std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("from"); });
}

}  // namespace

void read_backfill(const Node& node, Manifest& manifest, Errors& errors) {
  if (node.kind != Kind::object) {
    errors.push_back(
        wrong_value(node, "backfill", "", "an object of what differs where a range is loaded").with_hint(kHowTo));
    return;
  }
  Fields fields(node, "stream", "backfill", errors);
  for (const std::string& key : keys_of("stream")) fields.pass_over(key);
  fields.refuse_unknown();
  manifest.backfill = node;
}

Draft draft_of_range(const Draft& whole, const Range& range, const SpellValue& spell) {
  Draft draft;
  draft.readable = true;
  draft.manifest.file = whole.manifest.file;
  draft.manifest.path = whole.manifest.path;
  draft.manifest.folder = whole.manifest.folder;
  draft.manifest.range = range;
  Node tree = whole.manifest.tree;
  Node over = take(tree, "backfill");
  if (!whole.manifest.backfill) {
    draft.errors.push_back(wrong_backfill("backfill.none", "expected 'backfill' in the manifest, found none",
                                          {whole.manifest.file, 0, 0, 0, {}}));
    return draft;
  }
  if (!tells_apart(fill_in(over, &tree, range.values, spell))) {
    draft.errors.push_back(
        wrong_backfill("backfill.range",
                       "expected {from} and {to}, or {range}, in an option of backfill: { extract: … }, or "
                       "of its transform, found none: each range would load the same",
                       over.where.place()));
  }
  overlay(tree, over);
  read_manifest(tree, draft.manifest, draft.errors);
  draft.manifest.tree = std::move(tree);
  return draft;
}

std::string part_name(const std::string& stream, const Range* range) {
  if (range == nullptr) return stream;
  return stream.empty() ? range->name : stream + " " + range->name;
}

std::string Manifest::part() const { return part_name(stream, range ? &*range : nullptr); }

std::string Manifest::part_id() const { return range ? stream + "\n" + range->name : stream; }

}  // namespace weir::manifest
