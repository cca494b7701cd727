#include "cli/state_view.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/hex.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "cli/text.hpp"
#include "run/open_state.hpp"
#include "state/places.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t kShortestId = 4;

// Of a record that can't be read: nothing.
ordered_json document_of(std::string_view text) {
  ordered_json value = ordered_json::parse(text, nullptr, false);
  return value.is_discarded() ? ordered_json() : value;
}

std::string text_in(const ordered_json& record, const char* key) {
  const auto found = record.find(key);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void take_names(StatePipeline& pipeline, std::string_view kept) {
  const ordered_json record = document_of(kept);
  if (!record.is_object() || text_in(record, "name").empty()) return;
  pipeline.name = text_in(record, "name");
  pipeline.stream = text_in(record, "stream");
  pipeline.manifest = text_in(record, "manifest");
}

base::Error of_pipeline(std::string code, const std::string& message, const std::string& hint) {
  return base::manifest_error(std::move(code), message).with_hint(hint);
}

std::string some_names(const std::vector<const StatePipeline*>& pipelines) {
  std::vector<std::string> names;
  for (const auto* one : pipelines) names.push_back(one->id + " (" + one->shown() + ", " + one->manifest + ")");
  return joined(names);
}

// Counts, and no names: those are a plugin's, or a storage's.
ordered_json shown_checkpoint(const ordered_json& record) {
  ordered_json shown = ordered_json::object();
  for (const char* const key : {"schema", "epoch", "last", "manifest", "fingerprint"}) {
    if (record.contains(key)) shown[key] = record[key];
  }
  if (record.contains("open")) shown["open_splits"] = record["open"].size();
  if (!record.contains("loads") || !record["loads"].is_object()) return shown;
  for (const auto& [link, load] : record["loads"].items()) {
    for (const char* const key : {"committables", "undo", "objects"}) {
      if (load.contains(key)) shown["loads"][link][key] = load[key].size();
    }
  }
  return shown;
}

}  // namespace

std::string StatePipeline::lock_id() const { return stream.empty() ? id : state::pipeline_id(name, manifest); }

base::Result<StateView> open_state_view(const std::string& word) {
  StateView view;
  view.folder = state::state_folder(fs::current_path());
  std::error_code problem;
  const bool is_file = fs::is_regular_file(word, problem);
  WEIR_TRY_ASSIGN(view.state, run::open_state_at_rest(is_file ? word : std::string(), view.folder));
  if (view.state.store == nullptr) return view;
  std::map<std::string, StatePipeline> found;
  WEIR_TRY(view.state.store->each("", [&found](std::string_view key, std::string_view value) {
    const auto parts = state::pipeline_key_of(key);
    if (!parts) return;
    StatePipeline& pipeline = found[parts->pipeline];
    ++pipeline.entries;
    pipeline.bytes += key.size() + value.size();
    if (parts->name.starts_with("kept/")) take_names(pipeline, value);
  }));
  for (auto& [id, pipeline] : found) {
    pipeline.id = id;
    view.pipelines.push_back(std::move(pipeline));
  }
  std::sort(view.pipelines.begin(), view.pipelines.end(), [](const StatePipeline& a, const StatePipeline& b) {
    return std::tuple(a.shown(), a.manifest, a.id) < std::tuple(b.shown(), b.manifest, b.id);
  });
  return view;
}

base::Result<const StatePipeline*> find_state_pipeline(const StateView& view, const std::string& word) {
  std::error_code problem;
  const bool is_file = fs::is_regular_file(word, problem);
  const std::string manifest = is_file ? fs::weakly_canonical(fs::absolute(word), problem).string() : std::string();
  std::vector<const StatePipeline*> found;
  const auto look = [&](auto&& is_it) {
    if (!found.empty()) return;
    for (const auto& one : view.pipelines) {
      if (is_it(one)) found.push_back(&one);
    }
  };
  look([&](const StatePipeline& one) { return one.shown() == word; });
  look([&](const StatePipeline& one) { return is_file && one.manifest == manifest && one.stream.empty(); });
  look([&](const StatePipeline& one) { return word.size() >= kShortestId && one.id.starts_with(word); });
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return base::unexpected(
        of_pipeline("state.pipeline_ambiguous",
                    "expected one pipeline, found that '" + word + "' is " + std::to_string(found.size()) + " of them",
                    "give its id: " + some_names(found)));
  }
  std::vector<std::string> names;
  for (const auto& one : view.pipelines) names.push_back(one.shown());
  const std::string near = base::nearest(word, names);
  return base::unexpected(of_pipeline(
      "state.pipeline_unknown", "expected a pipeline that has state, by its name, id or manifest, found '" + word + "'",
      names.empty()  ? "no state is kept in " + view.state.shown + ": a run makes it"
      : near.empty() ? std::string("weir state list shows those that have")
                     : "did you mean '" + near + "'?"));
}

base::Result<void> check_key_name(const std::string& name) {
  if (state::is_key_name(name)) return {};
  return base::unexpected(
      of_pipeline("state.key",
                  "expected a key such as own/cursor: a kind in small letters, and letters, digits and "
                  "signs of ASCII behind a slash, 512 at most, found '" +
                      name + "'",
                  "weir state list PIPELINE shows the keys that are there"));
}

base::Result<state::Entry> find_entry(const StateView& view, const StatePipeline& pipeline, const std::string& name) {
  WEIR_TRY(check_key_name(name));
  WEIR_TRY_ASSIGN(auto entry, view.state.store->get(state::key_of(pipeline.id, name)));
  if (entry) return std::move(*entry);
  std::vector<std::string> names;
  WEIR_TRY_ASSIGN(const auto keys, view.state.store->list(""));
  for (const auto& key : keys) {
    const auto parts = state::pipeline_key_of(key);
    if (parts && parts->pipeline == pipeline.id) names.push_back(parts->name);
  }
  const std::string near = base::nearest(name, names);
  return base::unexpected(
      of_pipeline("state.key_unknown", "expected a key that " + pipeline.shown() + " has, found '" + name + "'",
                  near.empty() ? "weir state list " + shell_word(pipeline.shown()) + " shows those that it has"
                               : "did you mean '" + near + "'?"));
}

ordered_json plain_value(const std::string& value) {
  const auto is_control = [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 && letter != '\n' && letter != '\t';
  };
  if (base::is_utf8(value) && std::none_of(value.begin(), value.end(), is_control)) return value;
  return {{"hex", base::to_hex(value)}};
}

ordered_json shown_value(const state::KeyKind& kind, const std::string& value) {
  const ordered_json record = document_of(value);
  const bool is_record = record.is_object() || record.is_array();
  if (kind.name == "delta" && value == "-") return {{"removed", true}};
  if (kind.name == "delta" || kind.name == "item" || (kind.is_hosts && !is_record)) return {{"bytes", value.size()}};
  if (kind.name == "checkpoint") return shown_checkpoint(record);
  if (kind.name == "object" && record.is_object())
    return {{"rows", record.value("rows", ordered_json())}, {"digest", record.value("digest", ordered_json())}};
  return is_record ? record : plain_value(value);
}

}  // namespace weir::cli
