// What a run leaves in the state store: its record, and the checkpoints of its lane. A checkpoint is a delta: beside where
// open splits stand it holds only what its epoch changed of the lane's items. The newest one and the one before it are kept;
// what is older is folded into the items. Which step touches what, and when, is recovery::Lane's affair (lane.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "integrity/written_object.hpp"
#include "observe/time_text.hpp"
#include "recovery/lane.hpp"
#include "state/places.hpp"

namespace weir::recovery {

// Of the records here, which say it as "schema": what a run is gone on with by.
//   1  says none; a checkpoint may lack the bytes of a split, and the objects of a load
//   2  has all that stands here
// One of an older version is brought on as it is read; one of a newer is refused, with state.newer.
constexpr std::uint64_t kRecordSchema = 2;

// The pipeline's last run.
struct RunRecord {
  std::string run;          // its id
  std::uint64_t fence = 1;  // of the lane; grows with each start
  bool complete = false;
  std::string fingerprint;  // digest of manifest, plugins and inputs; of a complete run
};

// A split that was begun.
struct OpenSplit {
  std::string position;
  std::string version;      // of the input, when it was begun
  std::uint64_t bytes = 0;  // of it, that the ledger has counted
};

// What a load left of an epoch: pipeline::Prepared, but for the rows.
struct CheckpointLoad {
  std::vector<std::string> committables, undo;
  std::string resume;
  std::vector<integrity::WrittenObject> objects = {};
};

// A durable prepared epoch: all that is needed to publish it, or to undo it, or to go on behind it, in any process.
struct Checkpoint {
  std::uint64_t epoch = 0;
  bool last = false;                            // it ends the run
  std::string manifest;                         // digest of manifest and plugins
  std::string fingerprint;                      // of inputs too
  std::string totals;                           // what the ledger has counted, as JSON
  std::map<std::string, OpenSplit> open;        // by the split's name; also finished ones that are to be told so
  std::map<std::string, CheckpointLoad> loads;  // by the link of their first input
};

// What a lane keeps beside: a finished split, a part of a link's state, what finish() needs.
struct Item {
  std::string owner, key;
  std::optional<std::string> value;  // none: it is gone
};

// By owner and key.
using Items = std::map<std::string, std::map<std::string, std::string>>;

// Reads and writes them for one pipeline. All that changes something fails with ABORTED if somebody else has written the
// pipeline's record since last_run(): the lane is not ours any more. Threads: one caller at a time.
class Checkpoints {
 public:
  Checkpoints(state::Store& store, std::string pipeline, std::string lane);

  base::Result<std::optional<RunRecord>> last_run();
  base::Result<void> save(const RunRecord& record);

  // Whether the lane is still ours.
  base::Result<void> confirm();
  // Something else of the pipeline's that is to change: in one step with the next change of the lane, or of the record.
  void note(state::Change change) { notes_.push_back(std::move(change)); }
  // Makes the changes that were noted now.
  base::Result<void> write_notes() { return apply({}); }

  // What is kept of the lane; `newest_is_last` and `complete` as its checkpoint and the record say.
  base::Result<Left> left();
  base::Result<std::optional<Checkpoint>> checkpoint(std::uint64_t epoch);
  // Stores a checkpoint with what its epoch changed, in one step.
  base::Result<void> store(const Checkpoint& checkpoint, const std::vector<Item>& changes);
  // Removes the newest checkpoint, as if its epoch had never been.
  base::Result<void> drop(std::uint64_t epoch);
  // Removes the checkpoint before the newest: what its epoch changed stays.
  base::Result<void> forget(std::uint64_t epoch);
  // The items as of an epoch, which is the newest or the one before it.
  base::Result<Items> items(std::uint64_t epoch);
  // Removes all that is kept of the lane.
  base::Result<void> clear();

 private:
  base::Result<void> apply(std::vector<state::Change> changes);
  base::Result<std::vector<std::uint64_t>> epochs();

  state::Store& store_;
  std::string pipeline_, lane_;
  std::uint64_t run_version_ = 0;
  bool complete_ = false;
  std::vector<state::Change> notes_;
};

// Makes a run's id: 26 characters of time and chance, sortable by time.
std::string new_run_id(std::int64_t now_ns = observe::now_ns());
// When a run's id was made, to the millisecond, nanoseconds since 1970; 0: it is no such id.
std::int64_t time_of_run_id(std::string_view id);

}  // namespace weir::recovery
