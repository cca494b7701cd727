#include "manifest/stream_reader.hpp"

#include <algorithm>
#include <utility>

#include "manifest/overlay.hpp"
#include "manifest/vocabulary.hpp"

namespace weir::manifest {
namespace {

base::Error misplaced(std::string message, const Where& where, std::string hint) {
  return base::manifest_error("manifest.streams", std::move(message), where.place()).with_hint(std::move(hint));
}

std::vector<StreamPattern> read_patterns(const Node& node, const std::string& key, Errors& errors) {
  std::vector<StreamPattern> patterns;
  const auto read = [&](const Node& one) {
    const auto text = read_text(one, "streams", key, errors);
    if (text && text->empty())
      errors.push_back(wrong_value(one, "streams", key, "a name or a pattern of names"));
    else if (text)
      patterns.push_back({*text, one.where});
  };
  if (node.kind != Kind::array) {
    read(node);
    return patterns;
  }
  for (const Node& item : node.items) read(item);
  return patterns;
}

template <class Value>
void read_word(Fields& fields, const char* key, const std::vector<std::pair<const char*, Value>>& words, Value& value,
               Errors& errors) {
  const auto word = fields.text(key);
  if (!word) return;
  std::string list;
  for (const auto& [name, meaning] : words) {
    list += (list.empty() ? "" : name == words.back().first ? " or " : ", ") + std::string(name);
    if (*word != name) continue;
    value = meaning;
    return;
  }
  errors.push_back(wrong_value(*fields.get(key), "streams", key, list));
}

// A pattern, a list of patterns, or all that can be said.
StreamChoice read_choice(const Node& node, Errors& errors) {
  StreamChoice choice;
  choice.where = node.where;
  if (node.kind == Kind::text || node.kind == Kind::array) {
    choice.include = read_patterns(node, "include", errors);
    return choice;
  }
  if (node.kind != Kind::object) {
    errors.push_back(wrong_value(node, "extract", "streams", "a pattern of names, a list of them, or an object")
                         .with_hint("streams: \"*\" takes all"));
    return choice;
  }
  Fields fields(node, "stream_choice", "streams", errors);
  if (const Node* const include = fields.get("include")) choice.include = read_patterns(*include, "include", errors);
  if (const Node* const exclude = fields.get("exclude")) choice.exclude = read_patterns(*exclude, "exclude", errors);
  read_word<NewStreams>(fields, "new",
                        {{"add", NewStreams::add}, {"ignore", NewStreams::ignore}, {"fail", NewStreams::fail}},
                        choice.on_new, errors);
  read_word<bool>(fields, "on_failure", {{"continue", false}, {"stop", true}}, choice.stops, errors);
  fields.refuse_unknown();
  return choice;
}

std::vector<StreamOverride> read_overrides(const Node& node, Errors& errors) {
  std::vector<StreamOverride> overrides;
  if (node.kind != Kind::object) {
    errors.push_back(
        wrong_value(node, "streams", "", "an object of names and what differs for each")
            .with_hint("write streams: { NAME: { load: { mode: upsert } } }; which streams are read is said "
                       "in extract: { streams: … }"));
    return overrides;
  }
  for (const Member& member : node.members) {
    Fields fields(member.value, "stream", "streams: " + member.key, errors);
    for (const std::string& key : keys_of("stream")) fields.pass_over(key);
    fields.refuse_unknown();
    overrides.push_back({member.key, member.key_where, member.value});
  }
  return overrides;
}

// Whether the objects that are read make the streams, by what their names have in these places.
bool captures(const Use& use) {
  const Node* const path = use.options.find("path");
  return path != nullptr && path->kind == Kind::text && !placeholders_in(path->text).empty();
}

}  // namespace

void read_streams(const Node& tree, const Node* overrides, Manifest& manifest, Errors& errors) {
  for (Use& use : manifest.extract) {
    const Node said = take(use.options, "streams");
    if (given(&said)) manifest.streams = read_choice(said, errors);
    if (!manifest.streams && captures(use)) {
      manifest.streams.emplace();
      manifest.streams->where = use.options.find("path")->where;
    }
  }
  const Node* const extract = tree.find("extract");
  if (manifest.streams && extract != nullptr && extract->kind == Kind::array)
    errors.push_back(misplaced(
        "expected one extract where streams are picked, found a list of " + std::to_string(extract->items.size()),
        manifest.streams->where, "write a pipeline for each: pipelines: { NAME: { extract: … } }"));
  if (overrides == nullptr) return;
  manifest.overrides = read_overrides(*overrides, errors);
  if (!manifest.streams && manifest.stream.empty() && !manifest.extract.empty())
    errors.push_back(misplaced("expected an extract that picks streams beside 'streams', found one without",
                               overrides->where, "say which it reads: extract: { use: …, streams: \"*\" }"));
}

}  // namespace weir::manifest
