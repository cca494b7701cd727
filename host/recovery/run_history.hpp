// RunHistory: what the runs of pipelines came to, the last ones of each, also those that failed. Beside what recovery needs:
// nothing of it is read to go on with a run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "integrity/judgement.hpp"
#include "integrity/ledger.hpp"
#include "observe/redact.hpp"
#include "recovery/checkpoint.hpp"
#include "state/store.hpp"

namespace weir::recovery {

enum class RunState {
  unfinished,  // it runs, or its process died
  complete,
  failed,
  drained,   // stopped by a signal: what it had read is loaded
  given_up,  // another was begun in its place, with --fresh
};

const char* state_name(RunState state);

// Where the rejects of a run stand: a stretch of a file.
struct RejectsFile {
  std::string path;  // absolute; empty: they are kept elsewhere, where they can't be read again
  std::uint64_t begin = 0, end = 0;
  std::string digest;  // of the bytes between; empty: not known
};

// What is kept of a load, for whoever reads back what it loaded.
struct KeptLoad {
  std::string link;
  std::string schema;       // of the rows that were sent, as JSON (integrity/schema_json.hpp)
  std::string said;         // a digest of what the manifest said of it
  std::string destination;  // a digest of where its rows went, the same in all runs that write there; empty: not known
  integrity::Holds holds = integrity::Holds::merged;
};

// One of the streams of a run, and what it came to.
struct KeptStream {
  std::string stream;
  std::string run;  // the id of its own run; empty: it had none
  std::string state;
  std::uint64_t extracted = 0, loaded = 0, dropped = 0, rejected = 0;
  std::string error_code, error_message;
};

// The range that a run has loaded (manifest::Range), and of which stream.
struct KeptRange {
  std::string stream;  // empty: of a pipeline that has none
  std::string name;
  std::map<std::string, std::string, std::less<>> values;
};

// Times are nanoseconds since 1970.
struct KeptRun {
  std::string pipeline, run;  // ids
  std::string name;           // the pipeline's
  std::string manifest;       // its real path
  std::string manifest_digest;
  RunState state = RunState::unfinished;
  std::int64_t began_ns = 0;
  std::int64_t ended_ns = 0;     // of an unfinished one: when it last committed
  std::int64_t duration_ns = 0;  // of all starts together
  std::uint64_t starts = 0;
  std::uint64_t epochs = 0;  // that are committed
  std::uint64_t inputs = 0;
  std::string guarantee;
  std::vector<std::string> loads_shown;  // as run::RunReport has them
  std::string reject_shown;
  std::string error_code, error_message;         // of a failed one
  RejectsFile rejects;                           // of one with rejects; known when it is complete
  std::string replays;                           // the id of the run whose rejects it runs again; empty: none
  std::string replayed_by;                       // the id of the run that has run its rejects again; empty: none yet
  integrity::Ledger ledger;                      // of the epochs that are committed; no lines: of none
  std::vector<KeptLoad> loads;                   // in the order of their ledger's lines
  std::vector<integrity::Judgement> judgements;  // of its last start
  std::string stream,
      whole;  // of a stream's or a range's run: its name, and the id of the run of all that it was begun or gone on with in
  std::optional<KeptRange> range;   // of a range's run
  std::vector<KeptStream> streams;  // of a run of all: those that had something to do
  bool of_ranges = false;           // these are ranges
};

// To be stored under state::kept_key(), redacted.
std::string text_of(const KeptRun& run);
// Without secrets in whatever somebody else has said.
KeptRun redacted(KeptRun run, const observe::Redactor& redactor);

// Which runs go. Of each pipeline: all but the last `keep`, if they began before `before_ns`.
struct PruneRule {
  std::uint64_t keep = 0;
  std::int64_t before_ns = INT64_MAX;
};

// What became of it.
struct Pruned {
  std::vector<KeptRun> removed;
  std::vector<KeptRun> refused;  // the rule says they go, but they are not at their end: weir run goes on with them
};

// Reads what is kept, and removes it. Threads: one caller at a time.
class RunHistory {
 public:
  static constexpr std::size_t kMostKept = 100;  // of a pipeline, unless its manifest says otherwise

  explicit RunHistory(state::Store& store) : store_(store) {}

  // All of them, or a pipeline's; the last begun first. Errors: state.damaged.
  base::Result<std::vector<KeptRun>> runs();
  base::Result<std::optional<KeptRun>> run(const std::string& pipeline, const std::string& run);
  // What a load of a run has written to a storage, by name: objects that are whole, and published. Errors: state.damaged.
  base::Result<std::vector<integrity::WrittenObject>> objects(const KeptRun& run, const std::string& link);
  // All keys of what is kept of a run, which is in `kept_key`.
  base::Result<std::vector<std::string>> keys_of_run(const std::string& kept_key);
  // The keys of a pipeline's, the oldest first.
  base::Result<std::vector<std::string>> keys(const std::string& pipeline);
  // All keys of those of a pipeline's runs that go by themselves: which the rule says, but the last complete one, those that weir run
  // or weir runs replay would go on with, and `spared`. A run is as old as its id.
  base::Result<std::vector<std::string>> keys_of_old(const std::string& pipeline, const PruneRule& rule,
                                                     const std::string& spared = {});
  // Whether `weir run` would go on with it.
  base::Result<bool> is_open(const KeptRun& run);
  // Removes those of `runs` that the rule says; `runs` as runs() gives them.
  base::Result<Pruned> prune(const std::vector<KeptRun>& runs, const PruneRule& rule);

 private:
  base::Result<void> forget(const KeptRun& run);

  state::Store& store_;
};

}  // namespace weir::recovery
