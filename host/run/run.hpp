// Run: a pipeline from its manifest to its ledger: planned, locked, recovered, executed, committed, told.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <weir/events/bus.hpp>

#include "integrity/ledger.hpp"
#include "recovery/run_history.hpp"
#include "run/case_run.hpp"
#include "run/describe.hpp"
#include "run/execution.hpp"
#include "run/guarantee.hpp"
#include "run/interrupt.hpp"
#include "run/preview.hpp"
#include "run/ranges.hpp"

namespace weir::run {

struct RunOptions {
  std::string manifest;                           // file, as the user wrote it
  std::optional<std::string> text;                // the manifest itself: then `manifest` only names it, in `folder`
  std::filesystem::path folder;                   // absolute; with `text`
  std::map<std::string, std::string> parameters;  // --param
  std::string profile;                            // --profile
  std::vector<std::string> assignments;           // --set
  std::vector<std::string> env_files;             // --env-file
  std::vector<std::string> pipelines;             // names of those to run; none: all of the manifest
  bool fresh = false;                             // begin a new run: repeat a complete one, give up an unfinished one
  bool resume = false;                            // go on with an unfinished run though something has changed
  Settings settings;
  std::vector<std::string> streams;    // names of those of its streams; none: all that it picks
  std::optional<RangeRequest> ranges;  // loads these, as backfill: says, each by a run of its own
  bool refresh = false;                // refuses loads that would have rows twice if all of them came again
  std::size_t jobs = 0;                // streams or ranges that run side by side; 0: as many as cores
};

// What a run came to.
struct RunReport {
  std::string name, run;
  bool nothing_to_do = false;
  std::vector<std::string> gone;  // of a run with nothing to do: files that it wrote, and that are there no more
  bool appends = false;           // repeated, its rows would stand at the destination twice
  std::string replays;            // of a replay: the run whose rejects it runs again
  bool recovered = false;         // the dead run before was decided: it was only finished
  std::int64_t duration_ns = 0;
  integrity::Ledger ledger;
  std::vector<integrity::Judgement> judgements;  // of its links
  std::vector<std::string> loads_shown;          // where each load's rows went, in the order of its lines in the ledger
  std::string reject_shown;
  std::string guarantee;  // "exactly once", "at least once", "at most once"
  Guarantee promise;      // the same, and whose doing it is; empty: of a run that is only looked at
  std::string stream;     // which of the pipeline's; empty: it has none
};

// What became of one of the streams of a pipeline, or of one of the ranges.
struct StreamReport {
  std::string stream;
  std::string run;                   // the id of its own run
  std::string state;                 // "complete", "nothing to do", "failed", "drained", "not begun"
  std::optional<base::Error> error;  // of one that failed
  std::int64_t duration_ns = 0;
  std::uint64_t extracted = 0, expanded = 0, merged = 0, dropped = 0, rejected = 0, loaded = 0;
};

// What a pipeline with streams came to, or with ranges.
struct StreamsReport {
  bool ranges = false;
  std::string name, run;              // the id of all of it; empty: nothing was to be done
  std::vector<StreamReport> streams;  // by name
  std::vector<std::string> ignored;   // streams that are new and were left
  std::vector<std::string> gone;      // streams that earlier runs had found
  std::int64_t duration_ns = 0;
  std::string guarantee;  // the weakest of all
};

// "stream", or "range".
inline std::string noun_of(const StreamsReport& report) { return report.ranges ? "range" : "stream"; }

// Who watches a run. All of it is lent; functions may be empty.
struct RunWatch {
  observe::Log* log = nullptr;
  observe::Redactor* redactor = nullptr;
  // Told when rows begin to flow: what interrupts the run, and its progress, both valid until end() is called.
  std::function<void(Execution& execution, std::int64_t bytes_expected)> begin;
  std::function<void()> end;
  // Told once of each pipeline that has something to do, before it does any of it.
  std::function<void(const std::string& name, const Guarantee& guarantee)> promise;
  events::EventBus* bus = nullptr;     // hears everything
  Interrupt* interrupt = nullptr;      // stops it; null: nobody does
  std::function<void()> stdout_taken;  // called before anything is written, if the rows go to stdout
  std::shared_ptr<const void>
      keeps;  // what the pointers above point into, if it may be left to a call that never returns
  // Told of each stream as it ends, one at a time, and how many of them have ended by then.
  std::function<void(const StreamReport& stream, std::size_t ended, std::size_t all)> stream_ended;
};

// Runs a pipeline to its end: the only one of its manifest, or the one that is asked for. Errors: as the exit codes of the
// program; a run that failed has left neither half a file nor half a table.
base::Result<RunReport> run_manifest(const RunOptions& options, const RunWatch& watch);

// Runs the pipelines of a manifest one after the other, in its order, and tells `done` the report of each. All of them are
// planned before the first is run; the first that fails is the last.
// One with streams tells `done_streams`, also if some of them have failed: then it fails when all have ended.
base::Result<void> run_pipelines(const RunOptions& options, const RunWatch& watch,
                                 const std::function<void(const RunReport&)>& done,
                                 const std::function<void(const StreamsReport&)>& done_streams);

// Runs the rejects of a run that is kept again, through the manifest as it is now, all or none of them, and marks them done; a
// run whose rejects are done has nothing to do. `options` name the manifest. Errors: replay.…; as run_manifest().
base::Result<RunReport> replay_run(const RunOptions& options, const RunWatch& watch, const recovery::KeptRun& run);

// What the extract of a pipeline has, and what the manifest makes of it.
struct StreamsFound {
  std::string name;  // of the pipeline
  struct One {
    std::string stream, description;
    std::vector<std::string> columns;  // none: not known before it is read
    std::vector<std::string> keys, cursors;
    std::int64_t rows = -1, bytes = -1;  // estimates; -1: not known
    std::uint64_t objects = 0;           // files that make it; 0: it is of an extractor
    bool taken = false, is_new = false;
    std::string why;  // it is not taken
  };
  std::vector<One> streams;       // by name
  std::vector<std::string> gone;  // that earlier runs had found
  bool has_run = false;           // there were earlier runs
};

// Of all pipelines that are asked for, lists the streams of the source. Errors: streams.none where a manifest picks none.
base::Result<std::vector<StreamsFound>> discover_streams(const RunOptions& options, const RunWatch& watch);

// Of all pipelines that are asked for, lists the ranges that options.ranges asks for, and what has become of each: "not loaded",
// or as a run's state is called. Takes no lock. Errors: as backfilling them.
base::Result<std::vector<StreamsReport>> list_ranges(const RunOptions& options, const RunWatch& watch);

// Of all pipelines that are asked for, checks everything that can be checked before a row is read: the manifest, components, options, schemas, expressions.
base::Result<void> validate_manifest(const RunOptions& options, const RunWatch& watch);

// Of all pipelines that are asked for, tells what would run. Reads no more than what the sources need to know their rows;
// takes no lock, keeps no state.
base::Result<std::vector<PlanReport>> plan_pipelines(const RunOptions& options, const RunWatch& watch);

// Of all pipelines that are asked for, shows the first rows after each link. Writes nothing, takes no lock, keeps no state.
base::Result<std::vector<Preview>> preview_pipelines(const RunOptions& options, const PreviewOptions& preview,
                                                     const RunWatch& watch);

// Runs the tests of all pipelines that are asked for, in the manifest's order. Errors: the manifest's; test.none, test.case. A
// test that fails is no error: its report has the differences; of one that can't be run, what is wrong with it.
base::Result<std::vector<CaseReport>> test_pipelines(const RunOptions& options, const TestOptions& tests,
                                                     const RunWatch& watch);

}  // namespace weir::run
