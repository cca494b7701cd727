// What a run leaves in the state store, and what is made of it at the next start. For now a run is one epoch of one lane;
// the steps are those of weir.h ("EPOCHS"), and every one of them may be the last before a kill.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "state/places.hpp"

namespace weir::recovery {

// The pipeline's last run.
struct RunRecord {
  std::string run;          // its id
  std::uint64_t fence = 1;  // of the lane; grows with each start
  bool complete = false;
  std::string fingerprint;  // digest of manifest, plugins and inputs; of a complete run
};

// A durable prepared epoch: all that is needed to publish it, in any process.
struct Checkpoint {
  std::uint64_t epoch = 0;
  std::string fingerprint;
  std::map<std::string, std::vector<std::string>> committables;  // by the link of their load
};

// What to do with what a dead run left.
enum class Restart {
  begin_anew,  // nothing was prepared, or it was not decided: abort it
  publish,     // it was decided: publish and finish
  foreign      // the destination holds an epoch that this run never made: somebody else wrote there
};

// The table of the design ("Restart of a lane"). Pure. `atomic_committed`: what the atomic loader's last_committed() said;
// none: no loader is atomic, so the checkpoint itself was the decision.
Restart decide(const std::optional<Checkpoint>& checkpoint, std::optional<std::uint64_t> atomic_committed);

// Reads and writes them for one pipeline. Threads: one caller at a time.
class Checkpoints {
 public:
  Checkpoints(state::Store& store, std::string pipeline, std::string lane);

  base::Result<std::optional<RunRecord>> last_run();
  // Fails with ABORTED if somebody else has written since last_run(): the lane is not ours any more.
  base::Result<void> save(const RunRecord& record);
  base::Result<std::optional<Checkpoint>> checkpoint(std::uint64_t epoch);
  base::Result<void> save(const Checkpoint& checkpoint);
  base::Result<void> remove_checkpoint(std::uint64_t epoch);

 private:
  base::Result<void> put(const std::string& key, const std::string& value, std::uint64_t& version);

  state::Store& store_;
  std::string pipeline_, lane_;
  std::uint64_t run_version_ = 0, checkpoint_version_ = 0;
};

// Makes a run's id: 26 characters of time and chance, sortable by time.
std::string new_run_id();

}  // namespace weir::recovery
