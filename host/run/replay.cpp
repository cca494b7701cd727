#include "run/replay.hpp"

#include <algorithm>

#include "manifest/overlay.hpp"
#include "pipeline/links/bytes.hpp"
#include "run/installed.hpp"
#include "run/rejects_file.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;
using manifest::Kind;
using manifest::Node;
using pipeline::Target;

// What a format says of the reading of rejected records: which of its options are about a file, not about values, and what they
// are in a file of rejects.
constexpr const char* kFormatSays = "x-replay";

Node text_node(std::string text) {
  Node node;
  node.kind = Kind::text;
  node.text = std::move(text);
  return node;
}

Node object_node() {
  Node node;
  node.kind = Kind::object;
  return node;
}

// Of what a format's schema says: texts, booleans, nulls.
Node node_of(const nlohmann::json& value) {
  if (value.is_string()) return text_node(value.get<std::string>());
  Node node = object_node();
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) node.members.push_back({key, {}, node_of(inner)});
    return node;
  }
  node.kind = value.is_boolean() ? Kind::boolean : Kind::null;
  node.boolean = value.is_boolean() && value.get<bool>();
  return node;
}

// The file `path`, read or written in a format with those options; without a format's name it is found out.
manifest::Use file_use(const std::string& link, const fs::path& path, const std::string& format, Node options) {
  manifest::Use use;
  use.name = "file";
  use.link = link;
  use.options = object_node();
  use.options.members.push_back({"path", {}, text_node(path.string())});
  if (format.empty()) return use;
  options.members.insert(options.members.begin(), {"use", {}, text_node(format)});
  use.options.members.push_back({"format", {}, std::move(options)});
  return use;
}

std::vector<std::string> column_names_of(const ArrowSchema& rows) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < rows.n_children; ++i) names.emplace_back(rows.children[i]->name);
  return names;
}

// The options that the manifest gives the format of a source.
Node options_of_format(const manifest::Use& extract) {
  const auto composed = manifest::compose(extract, manifest::Side::read);
  return composed && composed->composition.format ? composed->composition.format->options : object_node();
}

}  // namespace

std::optional<Target> Replay::target_of(const std::string& link) const {
  for (std::size_t i = 0; i < plan_.links.size(); ++i) {
    if (plan_.links[i].component->link == link) return Target{Target::Kind::link, i};
  }
  for (std::size_t i = 0; i < plan_.ends.size(); ++i) {
    const auto& to = plan_.ends[i].to;
    if (plan_.load(to).link(to.input) == link) return Target{Target::Kind::end, i};
  }
  return std::nullopt;
}

const manifest::Use* Replay::extract(const std::string& link) const {
  const auto& all = parts_.draft.manifest.extract;
  const auto found = std::find_if(all.begin(), all.end(), [&link](const auto& use) { return use.link == link; });
  return found == all.end() ? nullptr : &*found;
}

// What an extractor rejected are rows, what a format did are records of a file of its own.
RejectEntry Replay::entry_of(const manifest::Use& use, const pipeline::Source& source) const {
  RejectEntry entry;
  entry.link = use.link;
  if (parts_.registry.find(use_text(use), WEIR_KIND_EXTRACTOR)) return entry;
  entry.as = RejectEntry::As::carried;
  const std::string format = source.plugin() + ":" + source.component();
  const auto found = parts_.registry.find(format, WEIR_KIND_FORMAT);
  if (!found || !found->info->schema.contains(kFormatSays)) return entry;
  const auto& says = found->info->schema[kFormatSays];
  if (says.value("lines", false)) {
    entry.as = RejectEntry::As::lines;
    return entry;
  }
  entry.as = RejectEntry::As::values;
  entry.columns = column_names_of(plan_.schema({}));
  Node options = object_node();
  manifest::overlay(options, node_of(says.at("options")));
  entry.load = [this, link = use.link, format, options](const fs::path& file) {
    return assemble_load(parts_, file_use(link, file, format, options));
  };
  return entry;
}

Replay::Entries Replay::entries() const {
  Entries entries;
  const auto& extracts = parts_.draft.manifest.extract;
  for (std::size_t i = 0; i < extracts.size(); ++i) entries.push_back(entry_of(extracts[i], *plan_.sources[i]));
  for (const auto& link : plan_.links) entries.emplace_back().link = link.component->link;
  for (const auto& end : plan_.ends) entries.emplace_back().link = plan_.load(end.to).link(end.to.input);
  return entries;
}

// The file as the manifest says that rejects are written.
base::Result<std::unique_ptr<pipeline::Source>> Replay::rejects_source(const fs::path& file) const {
  manifest::Use use = file_use("reject", file, "", {});
  if (parts_.draft.manifest.reject) {
    for (const char* key : {"format", "codec"}) {
      const auto* given = parts_.draft.manifest.reject->options.member(key);
      if (given != nullptr) use.options.members.push_back(*given);
    }
  }
  WEIR_TRY_ASSIGN(auto source, assemble_source(parts_, use));
  WEIR_TRY(source->plan());
  WEIR_TRY(source->keep_to(reject_schema().get()));
  return source;
}

// What reads the file of an entry, as rows of that schema.
base::Result<std::unique_ptr<pipeline::Source>> Replay::source_of(const RejectEntry& entry,
                                                                  const ArrowSchema& schema) const {
  manifest::Use use = file_use(entry.link, entry.file, "", {});
  if (entry.as != RejectEntry::As::rows) {
    const auto& original = *extract(entry.link);
    const auto number = static_cast<std::size_t>(&original - parts_.draft.manifest.extract.data());
    const auto& source = *plan_.sources[number];
    const std::string format = source.plugin() + ":" + source.component();
    WEIR_TRY_ASSIGN(const auto found, parts_.registry.find(format, WEIR_KIND_FORMAT));
    Node options = options_of_format(original);
    manifest::overlay(options, node_of(found.info->schema[kFormatSays].at("options")));
    use = file_use(entry.link, entry.file, format, std::move(options));
  }
  WEIR_TRY_ASSIGN(auto source, assemble_source(parts_, use));
  WEIR_TRY(source->plan());
  WEIR_TRY(source->keep_to(schema));
  return source;
}

base::Result<void> Replay::enter_again(const recovery::RejectsFile& rejects) {
  const fs::path copy = folder_ / ("_" + fs::path(rejects.path).filename().string());
  WEIR_TRY(copy_rejects(rejects, copy));
  Entries all = entries();
  WEIR_TRY_ASSIGN(const auto kept, rejects_source(copy));
  WEIR_TRY(RejectSorter(folder_, all).sort(*kept));
  std::vector<std::unique_ptr<pipeline::Source>> sources;
  std::vector<std::optional<Target>> targets;
  const weir::Schema extracted = weir::Schema::copy_of(plan_.schema({}));
  for (const RejectEntry& entry : all) {
    const auto target = target_of(entry.link);
    const ArrowSchema& schema = target ? plan_.schema(plan_.in_front_of(*target)) : extracted.get();
    if (!entry.origins.empty()) {
      WEIR_TRY_ASSIGN(auto source, source_of(entry, schema));
      const std::string& split = source->splits().front().name;
      const auto offsets = record_offsets(entry);
      for (std::size_t i = 0; i < offsets.size(); ++i) plan_.origins.add(split, offsets[i], entry.origins[i]);
      if (offsets.empty()) plan_.origins.add(split, 0, {});
      sources.push_back(std::move(source));
      targets.push_back(target);
    }
    if (entry.carried.empty()) continue;
    const std::string split = (folder_ / entry.link).string() + " carried over";
    for (std::size_t i = 0; i < entry.carried.size(); ++i) {
      const auto& reject = entry.carried[i];
      plan_.origins.add(split, static_cast<std::int64_t>(i),
                        {reject.stream, reject.split, reject.place.file, reject.position, reject.place.line});
    }
    sources.push_back(make_carried_source(entry, split, schema));
    targets.push_back(target);
  }
  plan_.source_schema = weir::Schema::copy_of(extracted.get());
  plan_.sources = std::move(sources);
  plan_.entries = std::move(targets);
  return {};
}

}  // namespace weir::run
