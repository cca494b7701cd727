#include "run/run.hpp"

#include <xxhash.h>

#include <filesystem>

#include "manifest/diagnostics.hpp"
#include "plugins/discovery.hpp"
#include "recovery/checkpoint.hpp"
#include "state/places.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kOnlyEpoch = 1;  // checkpoint: is parsed and has no effect yet

std::string digest(const std::string& text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  char digits[33];
  std::snprintf(digits, sizeof digits, "%016lx%016lx", hash.high64, hash.low64);
  return digits;
}

// One attempt at a pipeline, step by step. What a step needs from those before stands in the members.
class Attempt {
 public:
  Attempt(const RunOptions& options, const RunWatch& watch) : options_(options), watch_(watch) {}

  base::Result<RunReport> run();
  base::Result<void> validate();

 private:
  base::Result<void> plan();
  base::Result<void> settle_plan();
  fs::path named_file(const manifest::Use& use) const;
  base::Result<void> refuse_shared_files() const;
  base::Result<void> grant_lane();
  base::Result<bool> recover();
  base::Result<void> begin_run();
  base::Result<void> execute();
  base::Result<void> publish(const recovery::Checkpoint& checkpoint);
  base::Result<void> abort_epoch(const recovery::Checkpoint& checkpoint);
  base::Result<void> open_committers();
  std::string fingerprint() const;
  bool uses_standard_streams() const;
  base::Error withdraw(base::Error error);

  const RunOptions& options_;
  const RunWatch& watch_;
  std::atomic<bool> cancelled_{false};
  manifest::Draft draft_;
  std::optional<plugins::Registry> registry_;
  std::optional<plugins::Libraries> libraries_;
  std::optional<Plan> plan_;
  fs::path state_folder_;
  std::unique_ptr<state::Store> store_;
  std::optional<state::PipelineLock> lock_;
  std::optional<recovery::Checkpoints> checkpoints_;
  recovery::RunRecord record_;
  std::unique_ptr<pipeline::LoadCommitter> load_committer_, reject_committer_;
  RunReport report_;
};

base::Result<void> Attempt::plan() {
  manifest::Values values;
  values.parameters = options_.parameters;
  draft_ = manifest::load_draft(options_.manifest, values, *watch_.redactor);
  if (!draft_.readable) return base::unexpected(manifest::joined(draft_.errors));
  const auto& manifest = draft_.manifest;
  report_.name = manifest.name;
  std::map<std::string, std::string> requirements;
  for (const auto& requirement : manifest.plugins) requirements[requirement.plugin] = requirement.versions.text;
  const auto folders = plugins::search_paths(manifest.folder);
  registry_.emplace(plugins::discover(folders), std::move(requirements));
  plugins::HostServices services;
  services.log = watch_.log;
  services.cancelled = &cancelled_;
  libraries_.emplace(services);
  pipeline::RunIdentity identity;
  identity.run = recovery::new_run_id();
  WEIR_TRY_ASSIGN(plan_, assemble(draft_, *registry_, *libraries_, services, *watch_.redactor, std::move(identity),
                                  options_.settings));
  plan_->cancelled = &cancelled_;
  const auto writes_stdout = [this](const manifest::Use& use) {
    const fs::path file = named_file(use);
    return file == "-" || file == "/dev/stdout";
  };
  if (watch_.stdout_taken && (writes_stdout(manifest.load) || (manifest.reject && writes_stdout(*manifest.reject)))) {
    watch_.stdout_taken();
  }
  return {};
}

base::Result<void> Attempt::settle_plan() {
  WEIR_TRY(settle(*plan_));
  return refuse_shared_files();
}

// The file that a path option names, as far as that can be known from here; empty: it has none.
fs::path Attempt::named_file(const manifest::Use& use) const {
  const auto* path = use.options.find("path");
  if (path == nullptr || path->kind != manifest::Kind::text) return {};
  return path->text == "-" ? fs::path("-") : (draft_.manifest.folder / path->text).lexically_normal();
}

// Whoever writes what it reads would lose it, as would two who write one file: names are compared, and the files behind.
base::Result<void> Attempt::refuse_shared_files() const {
  const auto& manifest = draft_.manifest;
  const auto same = [](const fs::path& one, const fs::path& other) {
    std::error_code problem;
    return one == other || (fs::is_regular_file(one, problem) && fs::equivalent(one, other, problem));
  };
  const auto refuse = [](const manifest::Use& use, const char* code, const std::string& what, const char* hint) {
    const auto* path = use.options.find("path");
    return base::unexpected(
        base::manifest_error(code, "expected an output that is not " + what + ", found '" + path->text + "'",
                             path->place())
            .with_hint(hint));
  };
  const fs::path load = named_file(manifest.load);
  const fs::path reject = manifest.reject ? named_file(*manifest.reject) : fs::path();
  for (const auto& input : plan_->source->inputs()) {
    const fs::path name = fs::path(input.name).lexically_normal();
    constexpr const char* kHint = "write to another file, and rename it when the run has succeeded";
    if (name == "-") continue;
    if (!load.empty() && same(name, load))
      return refuse(manifest.load, "manifest.output_is_input", "an input too", kHint);
    if (!reject.empty() && same(name, reject))
      return refuse(*manifest.reject, "manifest.output_is_input", "an input too", kHint);
  }
  if (!reject.empty() && reject != "/dev/null" && same(reject, load)) {
    return refuse(*manifest.reject, "manifest.one_output", "where the rows go too",
                  "keep rejects in a file of their own: path: rejects.ndjson");
  }
  return {};
}

std::string Attempt::fingerprint() const {
  std::string text = draft_.manifest.tree.to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const auto& [name, version] : plan_->plugin_versions) text += "\n" + name + " " + version;
  for (const auto& input : plan_->source->inputs()) text += "\n" + input.name + " " + input.version;
  return digest(text);
}

// What came from standard input can't be read again, what went to standard output can't be taken back.
bool Attempt::uses_standard_streams() const {
  for (const auto& input : plan_->source->inputs()) {
    if (input.name == "-") return true;
  }
  return named_file(draft_.manifest.load) == "-";
}

base::Result<void> Attempt::open_committers() {
  WEIR_TRY_ASSIGN(load_committer_, plan_->load->open_committer(plan_->identity));
  if (plan_->reject == nullptr) return {};
  WEIR_TRY_ASSIGN(reject_committer_, plan_->reject->open_committer(plan_->identity));
  return {};
}

// Takes the pipeline for this process, and looks up its last run. One that did not end keeps its id, with a higher fence.
base::Result<void> Attempt::grant_lane() {
  state_folder_ = state::state_folder(draft_.manifest.folder);
  const std::string pipeline = state::pipeline_id(draft_.manifest.name, draft_.manifest.path);
  WEIR_TRY_ASSIGN(store_, state::open_store(state_folder_));
  WEIR_TRY_ASSIGN(lock_, state::PipelineLock::take(state_folder_, pipeline, draft_.manifest.name));
  checkpoints_.emplace(*store_, pipeline, plan_->identity.lane);
  WEIR_TRY_ASSIGN(const auto last, checkpoints_->last_run());
  if (last && !last->complete) {
    record_ = *last;
    ++record_.fence;
    plan_->identity.run = record_.run;
    plan_->identity.fence = record_.fence;
  } else if (last) {
    record_ = *last;
  }
  return {};
}

// Repeated as a whole by the next start until the run is marked complete: each step of it may be.
base::Result<void> Attempt::publish(const recovery::Checkpoint& checkpoint) {
  WEIR_TRY(load_committer_->commit(checkpoint.epoch, checkpoint.load));
  if (reject_committer_ != nullptr) WEIR_TRY(reject_committer_->commit(checkpoint.epoch, checkpoint.reject));
  WEIR_TRY(load_committer_->finish(true));
  if (reject_committer_ != nullptr) WEIR_TRY(reject_committer_->finish(true));
  record_.complete = true;
  record_.fingerprint = checkpoint.fingerprint;
  WEIR_TRY(checkpoints_->save(record_));
  return checkpoints_->remove_checkpoint(checkpoint.epoch);
}

base::Result<void> Attempt::abort_epoch(const recovery::Checkpoint& checkpoint) {
  WEIR_TRY(load_committer_->abort(kOnlyEpoch, checkpoint.load));
  if (reject_committer_ != nullptr) WEIR_TRY(reject_committer_->abort(kOnlyEpoch, checkpoint.reject));
  return checkpoints_->remove_checkpoint(kOnlyEpoch);
}

// Deals with what a dead run left: true if it had been decided, and is finished now.
base::Result<bool> Attempt::recover() {
  if (record_.run.empty() || record_.complete) return false;
  WEIR_TRY(checkpoints_->save(record_));  // the higher fence first: from here on the dead one can't come back
  WEIR_TRY(open_committers());
  WEIR_TRY_ASSIGN(const auto checkpoint, checkpoints_->checkpoint(kOnlyEpoch));
  std::optional<std::uint64_t> committed;
  if (plan_->load->atomic()) {
    WEIR_TRY_ASSIGN(committed, load_committer_->last_committed());
  }
  switch (recovery::decide(checkpoint, committed)) {
    case recovery::Restart::publish: WEIR_TRY(publish(*checkpoint)); return true;
    case recovery::Restart::begin_anew:
      WEIR_TRY(abort_epoch(checkpoint.value_or(recovery::Checkpoint{})));
      return false;
    case recovery::Restart::foreign: break;
  }
  return base::unexpected(
      base::make_error(base::Status::failed_precondition, base::Fault::integrity, "recovery.foreign_token",
                       "expected the destination to hold epoch 0 of run " + record_.run + ", found epoch " +
                           std::to_string(committed.value_or(0)))
          .with_hint("the state of this pipeline was lost or is another's; look at the destination, then "
                     "run with --fresh"));
}

// Begins another run than the last one, if there was one: with an id of its own.
base::Result<void> Attempt::begin_run() {
  plan_->identity.run = recovery::new_run_id();
  plan_->identity.fence = 1;
  load_committer_.reset();
  reject_committer_.reset();
  // That of a run which died between its last record and this: it would be taken for the new run's.
  WEIR_TRY(checkpoints_->remove_checkpoint(kOnlyEpoch));
  record_ = {plan_->identity.run, plan_->identity.fence, false, {}};
  return checkpoints_->save(record_);
}

// A run that failed before it prepared anything leaves no trace: the next one begins anew without asking.
base::Error Attempt::withdraw(base::Error error) {
  if (load_committer_ != nullptr) {
    if (auto aborted = abort_epoch({}); !aborted && watch_.log != nullptr) {
      watch_.log->warning("run.abort", aborted.error().message);
    }
  }
  return error;
}

base::Result<void> Attempt::execute() {
  if (load_committer_ == nullptr) WEIR_TRY(open_committers());
  Execution execution(*plan_);
  auto done = execution.open();
  if (done) {
    std::int64_t bytes = 0;
    for (const auto& split : plan_->source->splits()) bytes += std::max<std::int64_t>(split.bytes, 0);
    if (watch_.begin) watch_.begin(execution, bytes);
    done = execution.execute();
    if (watch_.end) watch_.end();
  }
  if (!done) {
    execution.close_writers();
    return base::unexpected(withdraw(std::move(done).error()));
  }
  auto outcome = execution.prepare(kOnlyEpoch);
  if (!outcome) {
    execution.close_writers();
    return base::unexpected(withdraw(std::move(outcome).error()));
  }
  recovery::Checkpoint checkpoint{kOnlyEpoch, fingerprint(), outcome->load.committables, outcome->reject.committables};
  report_.ledger = execution.ledger();
  if (auto balanced = report_.ledger.balance(); !balanced) {
    execution.close_writers();
    WEIR_TRY(abort_epoch(checkpoint));
    return balanced;
  }
  WEIR_TRY(checkpoints_->save(checkpoint));
  WEIR_TRY(execution.commit(kOnlyEpoch));
  execution.close_writers();
  return publish(checkpoint);
}

base::Result<RunReport> Attempt::run() {
  const std::int64_t begin = plugins::monotonic_ns();
  WEIR_TRY(plan());
  WEIR_TRY(grant_lane());
  WEIR_TRY(settle_plan());
  report_.load_shown = plan_->load->shown();
  if (plan_->reject != nullptr) report_.reject_shown = plan_->reject->shown();
  const bool fenced = (plan_->load->traits().commit & (WEIR_COMMIT_ATOMIC | WEIR_COMMIT_TWO_PHASE)) != 0;
  report_.guarantee = fenced && !uses_standard_streams() ? "exactly once" : "at least once";
  WEIR_TRY_ASSIGN(report_.recovered, recover());
  if (record_.complete && record_.fingerprint == fingerprint() && !options_.fresh) {
    report_.nothing_to_do = !report_.recovered;
    report_.run = record_.run;
  } else {
    if (record_.run.empty() || record_.complete) WEIR_TRY(begin_run());
    WEIR_TRY(execute());
    report_.run = record_.run;
  }
  report_.duration_ns = plugins::monotonic_ns() - begin;
  return std::move(report_);
}

base::Result<void> Attempt::validate() {
  WEIR_TRY(plan());
  return settle_plan();
}

}  // namespace

base::Result<RunReport> run_manifest(const RunOptions& options, const RunWatch& watch) {
  return Attempt(options, watch).run();
}

base::Result<void> validate_manifest(const RunOptions& options, const RunWatch& watch) {
  return Attempt(options, watch).validate();
}

}  // namespace weir::run
