// Verify: whether destinations still hold what a run loaded: read back through the plugin's extractor, or the format and storage that
// wrote it, and compared by digest; where they differ, row by row with what the source gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "integrity/comparison.hpp"
#include "recovery/run_history.hpp"
#include "run/narrow.hpp"
#include "run/run.hpp"

namespace weir::run {

struct VerifyOptions {
  std::vector<std::string> loads;        // links; none: all
  std::vector<std::string> key;          // columns that identify a row; none: what the load says
  std::uint64_t most_rows = UINT64_MAX;  // that are read in all, the source's too
  std::optional<std::int64_t> time_ns;
  bool source = true;  // whether it may be read again
};

// A file, or what else a storage calls an object, that is not as it was written.
struct DifferingObject {
  std::string name, reason;
};

struct VerifiedLoad {
  std::string link, shown;  // shown: where its rows went
  integrity::Verdict verdict = integrity::Verdict::equal;
  std::string reason;                  // why it is not equal; of one that is, what else is there, or empty
  RowsAndDigest sent;                  // by the run
  std::optional<RowsAndDigest> found;  // none: it was not read
  std::vector<std::string> with;       // other runs whose rows are there too, and were counted
  std::size_t objects = 0;             // that it wrote
  std::vector<DifferingObject> differing;
  std::vector<std::string> key;
  std::optional<Narrowed> narrowed;  // none: not looked for
  std::string not_narrowed;          // why not, of one that differs
};

struct VerifyReport {
  std::string run, name;
  integrity::Verdict verdict = integrity::Verdict::equal;  // the worst of all
  std::vector<VerifiedLoad> loads;
};

// What is kept of runs.
struct KeptHistory {
  const std::vector<recovery::KeptRun>& runs;  // the last begun first
  recovery::RunHistory& history;
};

// `options` name the manifest of `run`, one of history.runs. Nothing is written, no lock is taken. Errors: the manifest's; usage.link,
// usage.key; run.interrupted. What can't be read is no error, but not comparable.
base::Result<VerifyReport> verify_run(const RunOptions& options, const recovery::KeptRun& run, KeptHistory history,
                                      const VerifyOptions& verify, const RunWatch& watch);

}  // namespace weir::run
