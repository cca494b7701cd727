#include "recovery/run_history.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "integrity/ledger_json.hpp"
#include "state/places.hpp"

namespace weir::recovery {
namespace {

using nlohmann::ordered_json;

constexpr std::array kStates{RunState::unfinished, RunState::complete, RunState::failed, RunState::drained,
                             RunState::given_up};

// Throws for a name of none.
RunState state_of(const std::string& name) {
  for (const RunState state : kStates) {
    if (name == state_name(state)) return state;
  }
  throw ordered_json::other_error::create(501, "no state of a run", nullptr);
}

ordered_json to_json(const KeptLoad& load) {
  return {{"link", load.link},
          {"schema", load.schema},
          {"said", load.said},
          {"destination", load.destination},
          {"holds", load.holds == integrity::Holds::run     ? "run"
                    : load.holds == integrity::Holds::among ? "among"
                                                            : "merged"}};
}

KeptLoad kept_load_of(const ordered_json& value) {
  const std::string holds = value.at("holds").get<std::string>();
  return {value.at("link").get<std::string>(), value.at("schema").get<std::string>(),
          value.at("said").get<std::string>(), value.at("destination").get<std::string>(),
          holds == "run"     ? integrity::Holds::run
          : holds == "among" ? integrity::Holds::among
                             : integrity::Holds::merged};
}

ordered_json to_json(const integrity::Judgement& judgement) {
  return {{"link", judgement.link},   {"subject", judgement.subject}, {"expected", judgement.expected},
          {"found", judgement.found}, {"rows", judgement.rows},       {"verdict", verdict_name(judgement.verdict)}};
}

integrity::Judgement judgement_of(const ordered_json& value) {
  return {value.at("link").get<std::string>(),     value.at("subject").get<std::string>(),
          value.at("expected").get<std::string>(), value.at("found").get<std::string>(),
          value.at("rows").get<std::int64_t>(),    integrity::verdict_named(value.at("verdict").get<std::string>())};
}

ordered_json to_json(const KeptStream& stream) {
  return {
      {"stream", stream.stream},         {"run", stream.run},
      {"state", stream.state},           {"rows", {stream.extracted, stream.loaded, stream.dropped, stream.rejected}},
      {"error_code", stream.error_code}, {"error_message", stream.error_message}};
}

KeptStream kept_stream_of(const ordered_json& value) {
  const auto& rows = value.at("rows");
  return {value.at("stream").get<std::string>(),
          value.at("run").get<std::string>(),
          value.at("state").get<std::string>(),
          rows.at(0).get<std::uint64_t>(),
          rows.at(1).get<std::uint64_t>(),
          rows.at(2).get<std::uint64_t>(),
          rows.at(3).get<std::uint64_t>(),
          value.at("error_code").get<std::string>(),
          value.at("error_message").get<std::string>()};
}

KeptRun kept_run_of(const ordered_json& value) {
  KeptRun run;
  run.pipeline = value.at("pipeline").get<std::string>();
  run.run = value.at("run").get<std::string>();
  run.manifest = value.at("manifest").get<std::string>();
  run.manifest_digest = value.at("manifest_digest").get<std::string>();
  run.state = state_of(value.at("state").get<std::string>());
  run.began_ns = value.at("began_ns").get<std::int64_t>();
  run.ended_ns = value.at("ended_ns").get<std::int64_t>();
  run.duration_ns = value.at("duration_ns").get<std::int64_t>();
  run.starts = value.at("starts").get<std::uint64_t>();
  run.epochs = value.at("epochs").get<std::uint64_t>();
  run.inputs = value.at("inputs").get<std::uint64_t>();
  run.name = value.at("name").get<std::string>();
  run.guarantee = value.at("guarantee").get<std::string>();
  run.loads_shown = value.at("loads_shown").get<std::vector<std::string>>();
  run.reject_shown = value.at("reject_shown").get<std::string>();
  run.error_code = value.at("error_code").get<std::string>();
  run.error_message = value.at("error_message").get<std::string>();
  run.ledger = integrity::ledger_of(value.at("ledger"));
  run.stream = value.value("stream", "");
  run.whole = value.value("whole", "");
  if (value.contains("range")) {
    const auto& range = value["range"];
    run.range = {range.at("stream").get<std::string>(), range.at("name").get<std::string>(),
                 range.at("values").get<decltype(KeptRange::values)>()};
  }
  if (value.contains("streams")) {
    for (const auto& stream : value["streams"]) run.streams.push_back(kept_stream_of(stream));
  }
  if (value.contains("judgements")) {
    for (const auto& judgement : value["judgements"]) run.judgements.push_back(judgement_of(judgement));
  }
  run.of_ranges = value.value("of_ranges", false);
  run.replays = value.value("replays", "");
  run.replayed_by = value.value("replayed_by", "");
  if (value.contains("rejects")) {
    const auto& rejects = value["rejects"];
    run.rejects = {rejects.at("path").get<std::string>(), rejects.at("begin").get<std::uint64_t>(),
                   rejects.at("end").get<std::uint64_t>(), rejects.at("digest").get<std::string>()};
  }
  if (!value.contains("loads")) return run;  // that an earlier weir kept
  for (const auto& load : value["loads"]) run.loads.push_back(kept_load_of(load));
  return run;
}

// What `read` makes of a JSON text.
template <class Read>
auto parsed_history(std::string_view key, std::string_view text, Read read)
    -> base::Result<decltype(read(ordered_json()))> {
  try {
    return read(ordered_json::parse(text));
  } catch (const ordered_json::exception&) {
    return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                                             "expected what a run came to in the state store under '" +
                                                 std::string(key) + "', found something else")
                                .with_hint("if nothing of the pipeline's last run must be finished, remove the state "
                                           "folder"));
  }
}

}  // namespace

const char* state_name(RunState state) {
  switch (state) {
    case RunState::unfinished: return "unfinished";
    case RunState::complete: return "complete";
    case RunState::failed: return "failed";
    case RunState::drained: return "drained";
    case RunState::given_up: return "given up";
  }
  return "unfinished";
}

std::string text_of(const KeptRun& run) {
  ordered_json loads = ordered_json::array();
  for (const auto& load : run.loads) loads.push_back(to_json(load));
  ordered_json streams = ordered_json::array();
  for (const auto& stream : run.streams) streams.push_back(to_json(stream));
  ordered_json kept{{"pipeline", run.pipeline},
                    {"run", run.run},
                    {"name", run.name},
                    {"stream", run.stream},
                    {"whole", run.whole},
                    {"streams", std::move(streams)},
                    {"manifest", run.manifest},
                    {"manifest_digest", run.manifest_digest},
                    {"state", state_name(run.state)},
                    {"began_ns", run.began_ns},
                    {"ended_ns", run.ended_ns},
                    {"duration_ns", run.duration_ns},
                    {"starts", run.starts},
                    {"epochs", run.epochs},
                    {"inputs", run.inputs},
                    {"guarantee", run.guarantee},
                    {"loads_shown", run.loads_shown},
                    {"reject_shown", run.reject_shown},
                    {"error_code", run.error_code},
                    {"error_message", run.error_message},
                    {"replays", run.replays},
                    {"replayed_by", run.replayed_by},
                    {"rejects",
                     {{"path", run.rejects.path},
                      {"begin", run.rejects.begin},
                      {"end", run.rejects.end},
                      {"digest", run.rejects.digest}}},
                    {"ledger", integrity::to_json(run.ledger)},
                    {"loads", std::move(loads)}};
  if (run.of_ranges) kept["of_ranges"] = true;
  for (const auto& judgement : run.judgements) kept["judgements"].push_back(to_json(judgement));
  if (run.range)
    kept["range"] = {{"stream", run.range->stream}, {"name", run.range->name}, {"values", run.range->values}};
  return kept.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

KeptRun redacted(KeptRun run, const observe::Redactor& redactor) {
  const auto clean = [&redactor](std::string& text) { text = redactor.redact(std::move(text)); };
  for (auto* text : {&run.name, &run.reject_shown, &run.error_message}) clean(*text);
  for (auto& shown : run.loads_shown) clean(shown);
  for (auto& stream : run.streams) clean(stream.error_message);
  for (auto& judgement : run.judgements) {
    for (auto* text : {&judgement.link, &judgement.subject, &judgement.expected, &judgement.found}) clean(*text);
  }
  if (redactor.redact(run.rejects.path) != run.rejects.path) run.rejects = {};  // no file has the name that is left
  for (auto& line : run.ledger.lines) {
    clean(line.link);
    clean(line.component);
    for (auto* reasons : {&line.account.dropped, &line.account.rejected}) {
      integrity::Reasons cleaned;
      for (const auto& item : reasons->items()) cleaned.add(redactor.redact(item.reason), item.count);
      *reasons = std::move(cleaned);
    }
  }
  return run;
}

base::Result<std::vector<KeptRun>> RunHistory::runs() {
  std::vector<KeptRun> runs;
  std::optional<base::Error> problem;
  WEIR_TRY(store_.each(state::kept_prefix(), [&](std::string_view key, std::string_view text) {
    auto run = parsed_history(key, text, kept_run_of);
    if (run)
      runs.push_back(std::move(*run));
    else if (!problem)
      problem = std::move(run).error();
  }));
  if (problem) return base::unexpected(std::move(*problem));
  std::sort(runs.begin(), runs.end(), [](const KeptRun& a, const KeptRun& b) { return a.run > b.run; });
  return runs;
}

base::Result<std::optional<KeptRun>> RunHistory::run(const std::string& pipeline, const std::string& run) {
  const std::string key = state::kept_key(pipeline, run);
  WEIR_TRY_ASSIGN(const auto entry, store_.get(key));
  if (!entry) return std::optional<KeptRun>();
  WEIR_TRY_ASSIGN(auto found, parsed_history(key, entry->value, kept_run_of));
  return std::optional<KeptRun>(std::move(found));
}

base::Result<std::vector<integrity::WrittenObject>> RunHistory::objects(const KeptRun& run, const std::string& link) {
  std::vector<integrity::WrittenObject> objects;
  std::optional<base::Error> problem;
  WEIR_TRY(
      store_.each(state::object_prefix(run.pipeline, run.run, link), [&](std::string_view key, std::string_view text) {
        auto object =
            parsed_history(key, text, [](const ordered_json& value) { return integrity::written_object_of(value); });
        if (object)
          objects.push_back(std::move(*object));
        else if (!problem)
          problem = std::move(object).error();
      }));
  if (problem) return base::unexpected(std::move(*problem));
  std::sort(objects.begin(), objects.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return objects;
}

base::Result<std::vector<std::string>> RunHistory::keys_of_run(const std::string& kept_key) {
  const std::size_t begin = state::kept_prefix().size(), end = kept_key.rfind('/');
  const std::string_view pipeline = std::string_view(kept_key).substr(begin, end - begin);
  const std::string_view run = std::string_view(kept_key).substr(end + 1);
  WEIR_TRY_ASSIGN(auto keys, store_.list(state::object_prefix(pipeline, run)));
  keys.push_back(state::run_key(state::replay_id(pipeline, run)));  // of its replay, which is at its end
  keys.push_back(kept_key);
  return keys;
}

base::Result<std::vector<std::string>> RunHistory::keys(const std::string& pipeline) {
  return store_.list(state::kept_prefix(pipeline));
}

base::Result<std::vector<std::string>> RunHistory::keys_of_old(const std::string& pipeline, const PruneRule& rule,
                                                               const std::string& spared) {
  WEIR_TRY_ASSIGN(const auto all, keys(pipeline));
  const auto id_of = [](const std::string& key) { return key.substr(key.rfind('/') + 1); };
  std::vector<std::string> old;
  for (std::size_t i = 0; i + rule.keep < all.size(); ++i) {
    if (time_of_run_id(id_of(all[i])) < rule.before_ns) old.push_back(all[i]);
  }
  if (old.empty()) return old;
  std::string last_complete;
  for (auto key = all.rbegin(); key != all.rend() && last_complete.empty(); ++key) {
    WEIR_TRY_ASSIGN(const auto one, run(pipeline, id_of(*key)));
    if (one && one->state == RunState::complete && one->replays.empty()) last_complete = *key;
  }
  std::vector<std::string> going;
  for (const auto& key : old) {
    WEIR_TRY_ASSIGN(const auto one, run(pipeline, id_of(key)));
    if (!one || key == last_complete || one->run == spared) continue;
    WEIR_TRY_ASSIGN(const bool open, is_open(*one));
    if (open) continue;
    WEIR_TRY_ASSIGN(const auto keys, keys_of_run(key));
    going.insert(going.end(), keys.begin(), keys.end());
  }
  return going;
}

base::Result<bool> RunHistory::is_open(const KeptRun& run) {
  const std::string own = run.replays.empty() ? run.pipeline : state::replay_id(run.pipeline, run.replays);
  WEIR_TRY_ASSIGN(const auto last, Checkpoints(store_, own, "").last_run());
  if (last && last->run == run.run && !last->complete) return true;
  // Nor is it at its end while its rejects are run again.
  WEIR_TRY_ASSIGN(const auto replay, Checkpoints(store_, state::replay_id(run.pipeline, run.run), "").last_run());
  return replay && !replay->complete;
}

base::Result<void> RunHistory::forget(const KeptRun& run) {
  WEIR_TRY_ASSIGN(const auto keys, keys_of_run(state::kept_key(run.pipeline, run.run)));
  for (const auto& key : keys) WEIR_TRY(store_.remove(key));
  return {};
}

base::Result<Pruned> RunHistory::prune(const std::vector<KeptRun>& runs, const PruneRule& rule) {
  Pruned pruned;
  std::map<std::string, std::uint64_t> seen;
  for (const KeptRun& run : runs) {
    if (seen[run.pipeline]++ < rule.keep || run.began_ns >= rule.before_ns) continue;
    WEIR_TRY_ASSIGN(const bool open, is_open(run));
    if (!open) WEIR_TRY(forget(run));
    (open ? pruned.refused : pruned.removed).push_back(run);
  }
  return pruned;
}

}  // namespace weir::recovery
