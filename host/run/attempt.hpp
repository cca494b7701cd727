// Attempt: one attempt at a pipeline, from its manifest to its ledger.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "manifest/manifest.hpp"
#include "recovery/checkpoint.hpp"
#include "run/apart.hpp"
#include "run/lane_run.hpp"
#include "run/manifest_settings.hpp"
#include "run/run.hpp"
#include "run/shared_parts.hpp"
#include "state/pipeline_lock.hpp"
#include "state/places.hpp"

namespace weir::run {

// A destination of a pipeline.
struct Destination {
  std::string text;  // the same for all that write there; empty: not known
  std::string shown;
  base::Place place;   // of the load
  bool alone = false;  // two runs can't have it both
};

// Step by step; what a step needs from those before stands in the members. Threads: [main].
class Attempt {
 public:
  // `options`, `watch`, `parting` and `shared` are lent, and outlive it; `shared`: of a stream, what it has in common with others.
  Attempt(const RunOptions& options, const RunWatch& watch, manifest::Draft draft, Parting& parting,
          SharedParts* shared = nullptr)
      : options_(options),
        watch_(watch),
        parting_(parting),
        interrupt_(watch.interrupt != nullptr ? *watch.interrupt : own_interrupt_),
        draft_(std::move(draft)),
        own_parts_(shared != nullptr ? nullptr
                                     : std::make_unique<SharedParts>(call_limits(draft_.manifest.deadlines),
                                                                     call_handler(), options.settings.budget_bytes)),
        parts_(shared != nullptr ? *shared : *own_parts_) {}

  base::Result<RunReport> run();
  // Runs the rejects of an earlier run again, all or none of them.
  base::Result<RunReport> replay(const recovery::KeptRun& run);
  base::Result<void> validate();
  base::Result<PlanReport> describe_plan();
  base::Result<Preview> preview_rows(const PreviewOptions& options);
  // Runs one of the manifest's tests; errors: the manifest's. The case's own stand in the report.
  base::Result<CaseReport> run_case(const manifest::Case& one);
  base::Result<void> plan(const StandIns& stand_ins = {});
  // Lets all rows flow once through what is planned between stand-ins. Nothing is prepared, committed or remembered. Errors: as a
  // run; run.interrupted of one that was told to stop.
  base::Result<void> flow_once(const StandIns& stand_ins);
  const manifest::Manifest& manifest() const { return draft_.manifest; }

  // What streams have in common, of the attempt that they are all parts of: registry and libraries are there after find_parts(),
  // the state store after take_pipeline(), which locks the pipeline for all of them.
  SharedParts& parts() { return parts_; }
  base::Result<void> find_parts();
  base::Result<void> take_pipeline();
  plugins::HostServices services();
  state::Store& store() const { return *store_; }
  // The state of the pipeline, without taking it; null: there is none yet.
  base::Result<std::unique_ptr<state::Store>> look_into_state();
  // What is kept of the run so far; null: nothing.
  const recovery::KeptRun* kept() const { return keeper_ ? &keeper_->kept() : nullptr; }
  // After plan(): where each load writes, in a text that is the same for all that write there, and how it is shown.
  std::vector<Destination> destinations() const;
  // After plan(): refuses loads that have their rows twice if they are loaded again, as a range or a refreshed stream may be. Errors:
  // refresh.appends, backfill.appends.
  base::Result<void> refuse_appending() const;
  // Tells that the run has failed; gives the error, which is the interrupt's if that was behind it.
  base::Error fail(base::Error error) const;

 private:
  base::Result<RunReport> ended(base::Result<RunReport> report);
  base::Result<RunReport> run_to_end();
  void planned_to_the_end();
  recovery::RejectsFile rejects_file() const;
  base::Result<RunReport> replay_to_end();
  std::string pipeline_id() const;
  std::string state_id() const;
  base::Result<void> check_replays();
  base::Result<void> check_last_run();
  void keep_rejects_apart();
  // Rows that are loaded beside those of an earlier run: its rejects, or what came since.
  enum class Added : std::uint8_t { replayed, came_since };
  base::Result<void> refuse_replacing(Added added) const;
  base::Result<void> refuse_replacing(const manifest::Use& use, Added added) const;
  base::Result<void> give_bookmarks();
  base::Result<void> settle_plan();
  std::vector<const manifest::Use*> outputs() const;
  bool writes_there_unasked(const manifest::Use& use) const;
  std::filesystem::path named_file(const manifest::Use& use) const;
  base::Result<void> refuse_shared_files() const;
  const nlohmann::ordered_json* option_schema(const manifest::Use& use, const char* option) const;
  bool appends(const manifest::Use& use) const;
  bool stands_alone(const manifest::Use& use) const;
  static const manifest::Node* deletes_missing(const manifest::Use& use);
  base::Result<void> refuse_rejects_beside_missing() const;
  static bool puts_in_place(const manifest::Use& use);
  void tell_nothing_to_do();
  std::optional<OneEpoch> loads_what_it_reads() const;
  base::Result<void> grant_lane();
  base::Result<void> begin_run();
  // What comes of a manifest that is no file, weir contract's, is nobody's to look at later.
  bool keeps() const { return !options_.text; }
  recovery::KeptRun kept_run() const;
  void keep_failure(const base::Error& error);
  LaneRun lane_run();
  base::Result<void> run_lane();
  std::string fingerprint() const;
  bool is_done() const;
  std::string manifest_digest() const;
  bool uses_standard_streams() const;
  bool may_restart() const;
  void tell(events::EventDetail detail) const;
  events::RunPlanned planned() const;

  base::Result<std::unique_ptr<state::Store>> open_state_as(
      base::Result<std::unique_ptr<state::Store>> (*open)(const Assembly& parts));

  plugins::WatchHandler call_handler();
  events::PipelineEvent event_of(events::EventDetail detail, std::string run) const;
  events::RunFailed failure_of(const base::Error& error) const;
  void tell_apart(events::EventDetail detail) const;

  const RunOptions& options_;
  const RunWatch& watch_;
  Parting& parting_;
  std::atomic<bool> flows_{false};  // the run has its id; what is told of calls has it too
  Interrupt own_interrupt_;         // where nobody watches
  Interrupt& interrupt_;
  manifest::Draft draft_;
  std::unique_ptr<SharedParts> own_parts_;  // null: those of others
  SharedParts& parts_;
  Quality quality_;
  std::optional<Plan> plan_;
  std::filesystem::path state_folder_;
  std::unique_ptr<state::Store> own_store_;
  state::Store* store_ = nullptr;
  std::optional<state::PipelineLock> lock_;
  std::optional<recovery::Checkpoints> checkpoints_;
  std::optional<Bookmarks> bookmarks_;  // none: what the run reads is nobody's to remember
  bool has_bookmark_ = false;           // extracts were told what their last plans left
  std::optional<RunKeeper> keeper_;
  std::optional<recovery::KeptRun> replayed_;  // none: it is no replay
  recovery::RunRecord record_;
  RunReport report_;
};

}  // namespace weir::run
