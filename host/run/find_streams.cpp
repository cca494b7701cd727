#include "run/find_streams.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <weir/ext/discover.h>

#include "base/units.hpp"
#include "base/utf8.hpp"
#include "base/wildcards.hpp"
#include "manifest/diagnostics.hpp"
#include "pipeline/links/checksums.hpp"
#include "pipeline/links/object_names.hpp"
#include "pipeline/sinks.hpp"
#include "run/captures.hpp"
#include "run/installed.hpp"
#include "state/places.hpp"

namespace weir::run {
namespace {

using pipeline::Component;
using plugins::misbehaviour;
using Listed = base::Result<std::vector<FoundStream>>;

// The items of a JSON list of texts; none where there is something else.
std::optional<std::vector<std::string>> texts_in(weir_string json) {
  if (json.length == 0) return std::vector<std::string>();
  const auto list = nlohmann::json::parse(json.data, json.data + json.length, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& item : list) {
    if (!item.is_string()) return std::nullopt;
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

// Takes what an extractor tells; what is wrong with it is kept, and the call ends.
class Sink : public weir_stream_sink {
 public:
  Sink() : weir_stream_sink{sizeof(weir_stream_sink), take} {}
  std::map<std::string, FoundStream> streams;
  std::string wrong;

 private:
  static weir_status take(const weir_stream_sink* self, const weir_stream* stream, ArrowSchema* schema) {
    auto& sink = *const_cast<Sink*>(static_cast<const Sink*>(self));  // NOLINT: the ABI's sinks are const
    const weir::Schema rows = schema == nullptr ? weir::Schema() : weir::Schema(schema);
    sink.wrong = sink.put(*stream, rows);
    return sink.wrong.empty() ? WEIR_OK : WEIR_INTERNAL;
  }

  std::string put(const weir_stream& told, const weir::Schema& schema) {
    const std::string name(told.name.data, told.name.length);
    if (name.empty() || !base::is_utf8(name)) return "expected names of streams in UTF-8, found one that is none";
    const auto keys = texts_in(told.keys), cursors = texts_in(told.cursors);
    if (!keys || !cursors)
      return "expected keys and cursors of stream '" + name + "' as JSON lists of names, found another text";
    FoundStream found{manifest::stream_name_of(name), {}, {}, *keys, *cursors, told.rows, told.bytes, 0};
    found.description.assign(told.description.data == nullptr ? "" : told.description.data, told.description.length);
    for (std::int64_t i = 0; !schema.empty() && i < schema->n_children; ++i)
      found.columns.emplace_back(schema->children[i]->name == nullptr ? "" : schema->children[i]->name);
    if (!streams.emplace(name, std::move(found)).second) return "expected each stream once, found '" + name + "' twice";
    return {};
  }
};

Listed streams_of_extractor(const Component& extractor, const pipeline::RunIdentity& identity) {
  const auto* const discover = static_cast<const weir_discover*>(extractor.extension(WEIR_DISCOVER));
  if (discover == nullptr || !WEIR_CAN(discover, streams)) {
    return base::unexpected(base::manifest_error("manifest.streams",
                                                 "expected an extractor with several streams, found '" +
                                                     extractor.name + "', which has one",
                                                 extractor.place("", -1))
                                .with_hint("take streams away"));
  }
  const plugins::ContextOwner context(extractor.context_parts(identity));
  Sink sink;
  auto called = extractor.call("streams", [&](weir_error* error) {
    sink.streams.clear();
    return discover->streams(context.get(), &sink, error);
  });
  if (!sink.wrong.empty()) {
    return base::unexpected(
        misbehaviour({extractor.plugin, extractor.link, "streams"}, "plugin.misbehaviour", sink.wrong));
  }
  if (!called) return base::unexpected(std::move(called).error());
  std::vector<FoundStream> found;
  for (auto& [name, stream] : sink.streams) found.push_back(std::move(stream));
  return found;
}

base::Result<std::vector<pipeline::StoredObject>> objects_of(const Component& storage,
                                                             const pipeline::RunIdentity& identity,
                                                             const std::string& pattern) {
  const auto& table = storage.table<weir_storage>();
  const plugins::ContextOwner context(storage.context_parts(identity));
  void* self = nullptr;
  WEIR_TRY(storage.call("create", [&](weir_error* error) { return table.create(context.get(), &self, error); }));
  pipeline::ObjectSink sink;
  auto called = storage.call({"list", pipeline::cancel_of(table, self)}, [&](weir_error* error) {
    sink.objects.clear();
    return table.list(self, {pattern.data(), pattern.size()}, {nullptr, 0}, &sink, error);
  });
  storage.tell("destroy", [&] { table.destroy(self); });
  if (!called) return base::unexpected(std::move(called).error());
  return std::move(sink.objects);
}

// Of a storage: `path` is a pattern with {stream}, or {schema} and {name}, in it.
Listed streams_of_storage(const Component& storage, const pipeline::RunIdentity& identity) {
  const auto* const path = storage.config->at("/path");
  const std::string pattern = path != nullptr && path->is_string() ? path->get<std::string>() : std::string();
  std::string listed;
  std::size_t at = 0;
  for (const auto& hole : manifest::placeholders_in(pattern)) {
    listed += pattern.substr(at, hole.from - at) + "*";
    at = hole.from + hole.length;
  }
  listed += pattern.substr(at);
  const auto place = storage.place("/path", -1);
  if (at == 0) {
    return base::unexpected(
        base::manifest_error("manifest.streams",
                             "expected a path whose names make streams, found '" + pipeline::shown_name(pattern) + "'",
                             place)
            .with_hint("say where a stream's name stands: path: \"in/{stream}/*.csv\""));
  }
  WEIR_TRY_ASSIGN(auto objects, objects_of(storage, identity, listed));
  pipeline::take_out_checksums(objects);
  std::map<std::string, FoundStream> streams;
  for (const auto& object : objects) {
    const auto name = captured(pattern, object.name);
    if (!name) {
      return base::unexpected(
          base::manifest_error(
              "manifest.streams",
              "expected a path that tells a stream by the name of each file, found no name of one in '" +
                  pipeline::shown_name(object.name) + "'",
              place)
              .with_hint("leave {a,b} out of the part that has {stream}, and ** on one side of it"));
    }
    auto& stream = streams.try_emplace(name->stream, FoundStream{*name, {}, {}, {}, {}, -1, 0, 0}).first->second;
    ++stream.objects;
    stream.bytes = object.bytes < 0 || stream.bytes < 0 ? -1 : stream.bytes + object.bytes;
  }
  std::vector<FoundStream> found;
  for (auto& [name, stream] : streams) found.push_back(std::move(stream));
  return found;
}

bool is_named(const std::vector<manifest::StreamPattern>& patterns, const std::string& stream) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& one) { return one.text == stream; });
}

bool fits_one(const std::vector<manifest::StreamPattern>& patterns, const std::string& stream) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& one) { return one.text == stream || base::fits_wildcards(one.text, stream); });
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMost; ++i) text += (i == 0 ? "'" : ", '") + names[i] + "'";
  return text + (names.size() > kMost ? " and " + std::to_string(names.size() - kMost) + " more" : "");
}

class Choosing {
 public:
  Choosing(const manifest::Manifest& manifest, const std::vector<FoundStream>& found) : manifest_(manifest) {
    for (const auto& one : found) names_.push_back(one.name.stream);
    there_.insert(names_.begin(), names_.end());
    for (const auto& one : manifest.overrides) overridden_.insert(one.stream);
  }

  base::Result<ChosenStreams> choose(const std::optional<std::set<std::string>>& known,
                                     const std::vector<std::string>& asked) {
    const auto& choice = *manifest_.streams;
    for (const auto& one : choice.include) {
      if (!base::has_wildcards(one.text)) expect(one.text, one.where.place());
    }
    for (const auto& one : manifest_.overrides) expect(one.stream, one.where.place());
    for (const auto& name : asked) expect(name, {});
    ChosenStreams chosen;
    std::vector<std::string> refused;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string& name = names_[i];
      if (!choice.include.empty() && !fits_one(choice.include, name)) continue;
      if (fits_one(choice.exclude, name)) continue;
      if (!asked.empty() && std::find(asked.begin(), asked.end(), name) == asked.end()) continue;
      const bool added = known && !known->contains(name);
      const bool named = is_named(choice.include, name) || overridden_.contains(name) || !asked.empty();
      if (added && !named && choice.on_new == manifest::NewStreams::ignore) {
        chosen.ignored.push_back(i);
        continue;
      }
      if (added && !named && choice.on_new == manifest::NewStreams::fail) refused.push_back(name);
      chosen.taken.push_back(i);
      if (added) chosen.added.push_back(i);
    }
    refuse_new(refused);
    if (chosen.taken.empty() && errors_.empty() && chosen.ignored.empty()) none();
    if (!errors_.empty()) return base::unexpected(manifest::joined(std::move(errors_)));
    for (const auto& name : known.value_or(std::set<std::string>())) {
      if (!there_.contains(name)) chosen.gone.push_back(name);
    }
    return chosen;
  }

 private:
  void expect(const std::string& name, base::Place place) {
    if (there_.contains(name)) return;
    const std::string near = base::nearest(name, names_);
    errors_.push_back(base::manifest_error("streams.unknown",
                                           "expected a stream '" + name + "' in the source, found none",
                                           std::move(place))
                          .with_hint(near.empty() ? "weir discover " + manifest_.file + " lists what there is"
                                                  : "did you mean '" + near + "'?"));
  }

  void refuse_new(const std::vector<std::string>& names) {
    if (names.empty()) return;
    errors_.push_back(base::make_error(base::Status::failed_precondition, base::Fault::source, "streams.new",
                                       "expected the streams that earlier runs had found, found new: " + some_of(names))
                          .with_place(manifest_.streams->where.place())
                          .with_hint("take one by its name, under streams:, or leave it by exclude:"));
  }

  void none() {
    const auto& choice = *manifest_.streams;
    errors_.push_back(
        base::make_error(base::Status::not_found, base::Fault::source, "streams.none",
                         names_.empty() ? "expected streams in the source, found none"
                                        : "expected streams that the manifest picks, found none of " +
                                              std::to_string(names_.size()) + ": " + some_of(names_))
            .with_place(choice.where.place())
            .with_hint(names_.empty() ? "is it the right source?" : "say which by include: and exclude:"));
  }

  const manifest::Manifest& manifest_;
  std::vector<std::string> names_;
  std::set<std::string> there_, overridden_;
  std::vector<base::Error> errors_;
};

// What the schema of a component says of an option; null: nothing, or it is not installed.
const nlohmann::ordered_json* rule_of(const plugins::Registry& registry, const manifest::OptionPlace& place) {
  const std::string use(place.component);
  const std::vector<std::int32_t> kinds =
      place.role == "extract"     ? std::vector<std::int32_t>{WEIR_KIND_EXTRACTOR, WEIR_KIND_STORAGE}
      : place.role == "transform" ? std::vector<std::int32_t>{WEIR_KIND_TRANSFORMER}
                                  : std::vector<std::int32_t>{WEIR_KIND_LOADER, WEIR_KIND_STORAGE};
  for (const auto kind : kinds) {
    const auto found = registry.find(use, kind);
    if (!found) continue;
    const auto& schema = found->info->schema;
    const auto properties = schema.find("properties");
    if (properties == schema.end() || !properties->contains(place.option)) return nullptr;
    return &(*properties)[std::string(place.option)];
  }
  return nullptr;
}

// Values are put into paths so that they mean themselves.
manifest::SpellValue spelled_for(const plugins::Registry& registry) {
  return [&registry](const manifest::OptionPlace& place, const std::string& value) {
    const auto* const rule = rule_of(registry, place);
    const bool path = rule != nullptr && rule->is_object() && rule->contains("format") &&
                      ((*rule)["format"] == "path" || (*rule)["format"] == "file" || (*rule)["format"] == "document");
    if (!path) return value;
    return place.role == "extract" ? base::without_wildcards(value) : pipeline::name_part(value);
  };
}

}  // namespace

base::Result<std::vector<FoundStream>> find_streams(const Assembly& parts) {
  const manifest::Use& use = parts.draft.manifest.extract.front();
  if (parts.registry.find(use_text(use), WEIR_KIND_EXTRACTOR)) {
    WEIR_TRY_ASSIGN(const auto extractor, assemble_component(parts, use, WEIR_KIND_EXTRACTOR));
    return streams_of_extractor(*extractor, parts.identity);
  }
  WEIR_TRY_ASSIGN(auto composed, manifest::compose(use, manifest::Side::read));
  WEIR_TRY_ASSIGN(const auto storage, assemble_component(parts, composed.storage, WEIR_KIND_STORAGE));
  return streams_of_storage(*storage, parts.identity);
}

base::Result<ChosenStreams> choose_streams(const manifest::Manifest& manifest, const std::vector<FoundStream>& found,
                                           const std::optional<std::set<std::string>>& known,
                                           const std::vector<std::string>& asked) {
  return Choosing(manifest, found).choose(known, asked);
}

base::Result<std::optional<std::set<std::string>>> known_streams(state::Store& store, const std::string& pipeline) {
  const std::string key = state::streams_key(pipeline);
  WEIR_TRY_ASSIGN(const auto entry, store.get(key));
  if (!entry) return std::optional<std::set<std::string>>();
  const auto names = texts_in({entry->value.data(), entry->value.size()});
  if (!names) {
    return base::unexpected(
        base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                         "expected the names of streams in the state store under '" + key + "', found something else")
            .with_hint("remove the state folder, if nothing of the last run must be finished"));
  }
  return std::optional(std::set<std::string>(names->begin(), names->end()));
}

base::Result<void> remember_streams(state::Store& store, const std::string& pipeline,
                                    const std::vector<FoundStream>& found, const ChosenStreams& chosen) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::find(chosen.ignored.begin(), chosen.ignored.end(), i) == chosen.ignored.end())
      names.insert(found[i].name.stream);
  }
  const std::string key = state::streams_key(pipeline), text = nlohmann::json(names).dump();
  WEIR_TRY_ASSIGN(const auto entry, store.get(key));
  if (entry && entry->value == text) return {};
  WEIR_TRY(store.put(key, text, entry ? entry->version : 0));
  return {};
}

manifest::Draft stream_draft(const manifest::Draft& whole, const manifest::StreamName& name,
                             const plugins::Registry& registry) {
  return manifest::draft_of_stream(whole, name, spelled_for(registry));
}

manifest::Draft range_draft(const manifest::Draft& whole, const manifest::Range& range,
                            const plugins::Registry& registry) {
  return manifest::draft_of_range(whole, range, spelled_for(registry));
}

manifest::StreamName name_in(const manifest::Manifest& manifest, const std::string& stream) {
  const auto* const path = manifest.extract.empty() ? nullptr : manifest.extract.front().options.find("path");
  const auto holes = path == nullptr ? std::vector<manifest::Placeholder>() : manifest::placeholders_in(path->text);
  const bool whole = std::any_of(holes.begin(), holes.end(), [](const auto& hole) { return hole.name == "stream"; });
  return whole ? manifest::StreamName{stream, {}, stream} : manifest::stream_name_of(stream);
}

}  // namespace weir::run
