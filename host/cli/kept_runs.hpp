// Kept runs, found by what people type, and as people and programs read them.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "recovery/run_history.hpp"
#include "run/open_state.hpp"
#include "state/pipeline_lock.hpp"

namespace weir::cli {

// What a state folder keeps of runs, the last first.
struct KeptRuns {
  std::filesystem::path folder;  // where locks are, and the store, if no manifest names another
  run::StateAtRest state;
  std::vector<recovery::KeptRun> runs;
};

// All runs, or those of a manifest, which needs not be there any more. Errors: state.damaged, state.unusable.
base::Result<KeptRuns> open_kept_runs(const std::string& manifest);

// The one whose id begins with `id`. Errors: run.unknown, run.ambiguous.
base::Result<const recovery::KeptRun*> find_run(const KeptRuns& kept, std::string id);

// Whoever runs it just now.
std::optional<state::LockHolder> runner_of(const KeptRuns& kept, const recovery::KeptRun& run);

std::string runs_text(const KeptRuns& kept);
nlohmann::ordered_json runs_json(const KeptRuns& kept);
std::string run_text(const KeptRuns& kept, const recovery::KeptRun& run);
nlohmann::ordered_json run_json(const KeptRuns& kept, const recovery::KeptRun& run);

// How to go on with a run that is not at its end: "weir run orders.yaml".
std::string command_of(const recovery::KeptRun& run);

}  // namespace weir::cli
