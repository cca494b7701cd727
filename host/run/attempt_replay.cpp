// What an attempt does to run the rejects of an earlier run again.
#include "manifest/diagnostics.hpp"
#include "pipeline/links/bytes.hpp"
#include "run/attempt.hpp"
#include "run/replay.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;
using recovery::KeptRun;

base::Error refused(const char* code, std::string message, std::string hint) {
  return base::manifest_error(code, std::move(message)).with_hint(std::move(hint));
}

// What --set calls a load that is named by its place.
std::string set_key(const manifest::Use& use) {
  const std::string_view of_branch = "load-";
  return use.link.starts_with(of_branch) ? "branches." + use.link.substr(of_branch.size()) + ".load" : "load";
}

// A folder of the state folder that goes away.
class Aside {
 public:
  explicit Aside(fs::path folder) : folder_(std::move(folder)) { remove(); }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;
  ~Aside() { remove(); }

  base::Result<void> make() {
    std::error_code problem;
    fs::create_directories(folder_, problem);
    if (problem) return base::unexpected(state::unusable(folder_, problem.message()));
    return {};
  }
  const fs::path& folder() const { return folder_; }

 private:
  void remove() {
    std::error_code problem;
    fs::remove_all(folder_, problem);
    fs::remove(folder_.parent_path(), problem);  // where nothing else is replayed
  }
  fs::path folder_;
};

base::Result<void> check_replayable(const KeptRun& run) {
  if (run.state != recovery::RunState::complete) {
    return base::unexpected(
        refused("replay.not_complete",
                "expected a run that is complete, found that run " + run.run + " is " + recovery::state_name(run.state),
                run.state == recovery::RunState::given_up
                    ? "another run was begun in its place: weir runs list shows which"
                    : "finish it first: its rejects are in their file when all of its rows are loaded"));
  }
  if (run.ledger.rejected() == 0) {
    return base::unexpected(refused("replay.no_rejects", "expected a run with rejects, found none of run " + run.run,
                                    "weir runs list shows which runs have some"));
  }
  if (run.rejects.path.empty()) {
    return base::unexpected(refused(
        "replay.unreadable",
        "expected the rejects of run " + run.run + " in one file, found them in '" + run.reject_shown + "'",
        "only rejects that stand in one local file can be replayed: reject: { use: file, path: rejects.ndjson }"));
  }
  return {};
}

}  // namespace

std::string Attempt::pipeline_id() const { return portion_id(draft_.manifest); }

// Under what the state store has the record of the run.
std::string Attempt::state_id() const {
  const std::string pipeline = pipeline_id();
  return replayed_ ? state::replay_id(pipeline, replayed_->run) : pipeline;
}

// A replay that is decided but not published would put over what another run writes what it had found.
base::Result<void> Attempt::check_replays() {
  const std::string pipeline = pipeline_id();
  WEIR_TRY_ASSIGN(const auto keys, store_->list(state::replay_checkpoints(pipeline)));
  for (const auto& key : keys) {
    const std::string run = state::replayed_run(key);
    if (replayed_ && replayed_->run == run) continue;
    return base::unexpected(refused("replay.open",
                                    "expected no replay that is not at its end, found that of run " + run,
                                    "weir runs replay " + run + " finishes it; then run this again"));
  }
  return {};
}

// What the pipeline's last run is yet to publish must not come over what is loaded now.
base::Result<void> Attempt::check_last_run() {
  const std::string pipeline = pipeline_id();
  WEIR_TRY_ASSIGN(const auto last, recovery::Checkpoints(*store_, pipeline, "").last_run());
  if (!last || last->complete) return {};
  return base::unexpected(
      refused("replay.run_open",
              "expected a last run of the pipeline that is complete, found that run " + last->run + " is not",
              "finish it with weir run, or give it up with weir run --fresh"));
}

// The file of the manifest is what is read: what is rejected anew goes beside it.
void Attempt::keep_rejects_apart() {
  if (!draft_.manifest.reject) return;
  for (auto& member : draft_.manifest.reject->options.members) {
    if (member.key != "path" || member.value.kind != manifest::Kind::text) continue;
    std::string& path = member.value.text;
    const std::size_t name = path.find_last_of('/') + 1;
    const std::size_t dot = std::min(path.find('.', name + 1), path.size());
    path.insert(dot, ".replay-" + replayed_->run);
    member.value.runs.clear();
  }
}

base::Result<void> Attempt::refuse_replacing(Added added) const {
  std::vector<base::Error> errors;
  for (const auto* use : outputs()) {
    if (draft_.manifest.reject && use == &*draft_.manifest.reject) continue;
    if (auto allowed = refuse_replacing(*use, added); !allowed) errors.push_back(std::move(allowed).error());
  }
  if (!errors.empty()) return base::unexpected(manifest::joined(std::move(errors)));
  return {};
}

// The rows that earlier runs have loaded are there, and must be there still when these are.
base::Result<void> Attempt::refuse_replacing(const manifest::Use& use, Added added) const {
  const bool replays = added == Added::replayed;
  const char* const code = replays ? "replay.replaces" : "bookmark.replaces";
  if (puts_in_place(use)) {
    const auto* const missing = deletes_missing(use);
    const auto* const said = missing != nullptr ? missing : use.options.find("mode");
    return base::unexpected(
        base::manifest_error(code,
                             use.link + ": expected a load that adds rows, found " +
                                 (missing != nullptr ? "delete_missing: true" : "mode: replace") +
                                 ", which would leave none but " +
                                 (replays ? "those that are replayed" : "those that came since the last run"),
                             said->place())
            .with_hint(replays ? "replay into it with --set " + set_key(use) +
                                     (missing != nullptr ? ".delete_missing=false" : ".mode=append, or upsert")
                               : std::string(missing != nullptr ? "leave delete_missing: out"
                                                                : "take the mode append or upsert") +
                                     ", or let the extract read all rows each time"));
  }
  const fs::path file = named_file(use);
  if (file.empty() || file == "-" || file == "/dev/stdout" || file == "/dev/null" || appends(use)) return {};
  const std::string text = file.string();
  const std::size_t brace = text.find('{');
  const fs::path place = brace == std::string::npos ? file : fs::path(text.substr(0, brace)).parent_path();
  std::error_code problem;
  const bool there = brace == std::string::npos ? fs::exists(place, problem)
                                                : fs::exists(place, problem) && !fs::is_empty(place, problem);
  if (!there) return {};
  return base::unexpected(base::manifest_error(code,
                                               use.link +
                                                   ": expected an output that is not there yet, or one with "
                                                   "append: true, found '" +
                                                   pipeline::shown_name(place.string()) +
                                                   "', whose rows would be replaced",
                                               use.options.find("path")->place())
                              .with_hint(replays ? "replay into another file: --set " + set_key(use) +
                                                       ".path=replayed/" + fs::path(text).filename().string()
                                                 : "add to it with append: true, or give each run a file of its own: "
                                                   "path: orders-${param:day}.csv"));
}

base::Result<RunReport> Attempt::replay(const KeptRun& run) {
  replayed_ = run;
  return ended(replay_to_end());
}

base::Result<RunReport> Attempt::replay_to_end() {
  const std::int64_t begin = plugins::monotonic_ns();
  interrupt_.plan();
  WEIR_TRY(check_replayable(*replayed_));
  if (draft_.readable) keep_rejects_apart();
  draft_.manifest.limits = {};  // all of its rows were rejects already
  WEIR_TRY(plan());
  if (pipeline_id() != replayed_->pipeline) {
    return base::unexpected(
        refused("replay.other_pipeline",
                "expected the pipeline '" + replayed_->name + "' of run " + replayed_->run +
                    " in the manifest, found '" + draft_.manifest.name + "'",
                "rejects go through the pipeline that had rejected them: name: " + replayed_->name));
  }
  if (const auto& all = draft_.manifest.extract;
      std::any_of(all.begin(), all.end(), [this](const auto& use) { return named_file(use) == "-"; })) {
    return base::unexpected(refused("replay.standard_input",
                                    "expected an input whose columns can be looked up, found standard input",
                                    "name a file with the same columns: --set extract.path=FILE; it is not loaded"));
  }
  plan_->one_epoch = OneEpoch{"reject", "a replay loads all of its rows or none"};
  WEIR_TRY(grant_lane());
  report_.replays = replayed_->run;
  Aside aside(state::replay_folder(state_folder_, replayed_->run));  // gone, too, if one was killed at its very end
  WEIR_TRY_ASSIGN(const auto now, recovery::RunHistory(*store_).run(replayed_->pipeline, replayed_->run));
  if (now && !now->replayed_by.empty()) {  // also by a process that had the pipeline until now
    report_.nothing_to_do = true;
    report_.run = now->replayed_by;
    return report_;
  }
  WEIR_TRY(check_last_run());
  keeper_->replay(*replayed_);
  WEIR_TRY(settle(*plan_));
  WEIR_TRY(refuse_shared_files());
  const bool begun = !record_.run.empty() && !record_.complete;
  if (!begun) WEIR_TRY(refuse_replacing(Added::replayed));
  WEIR_TRY(aside.make());
  const auto given = services();
  const Assembly parts{draft_, *parts_.registry, *parts_.libraries, given, *watch_.redactor, plan_->identity};
  WEIR_TRY(Replay(parts, *plan_, aside.folder()).enter_again(replayed_->rejects));
  WEIR_TRY(interrupt_.go_on());
  planned_to_the_end();
  WEIR_TRY(run_lane());
  report_.duration_ns = plugins::monotonic_ns() - begin;
  return report_;
}

}  // namespace weir::run
