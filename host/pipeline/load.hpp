// Load: where rows end. A writer takes them and prepares epochs, a committer publishes what was prepared; a loader
// component and a composed file (format, codec, storage) look alike from here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "integrity/written_object.hpp"
#include "pipeline/batch.hpp"
#include "pipeline/component.hpp"
#include "pipeline/outlet.hpp"
#include "pipeline/sinks.hpp"

namespace weir::pipeline {

// What a writer's prepare() told of an epoch.
struct Prepared {
  std::vector<std::string> committables;  // to be published
  std::vector<std::int64_t> rows;         // of each input, as the destination tells them; -1: it does not
  std::vector<std::string> undo = {};     // to be discarded if the epoch is not: what was begun in it
  std::string resume = {};                // what open_writer() needs to go on behind it, perhaps in another process
  std::vector<integrity::WrittenObject> objects = {};  // that it ended, of a composed file
  std::vector<integrity::Holds> holds = {};            // of each input, its destination
  std::vector<std::string> stored =
      {};  // of each input, its rows as they are stored, as JSON (schema_json.hpp), if they
           // are not as they were sent; empty: all are
};

// What is left of an epoch that is not to be.
struct Undo {
  std::uint64_t epoch = 0;
  std::vector<std::string> committables;  // Prepared::undo; empty: it was not told
  std::string resume;                     // of the epoch before: what it names is kept
};

// One of the streams of rows that a writer takes.
struct WriterInput {
  const ArrowSchema* schema = nullptr;  // copied by whoever opens
  TakeReject take_reject;               // gets what the destination refuses
};

// Threads: one caller at a time, but cancel().
class LoadWriter {
 public:
  LoadWriter() = default;
  LoadWriter(const LoadWriter&) = delete;
  LoadWriter& operator=(const LoadWriter&) = delete;
  virtual ~LoadWriter() = default;
  virtual base::Result<void> write(std::uint64_t input, Batch batch) = 0;
  // Ends an epoch; `last`: nothing is written after it. Precondition of one that is not: continues().
  virtual base::Result<Prepared> prepare(std::uint64_t epoch, bool last) = 0;
  // Whether more may be written after prepare(): else the run is one epoch.
  virtual bool continues() const = 0;
  // Atomic ones only: the decision.
  virtual base::Result<void> commit(std::uint64_t epoch) = 0;
  virtual void cancel() = 0;  // [any]
  virtual const integrity::Account& account(std::uint64_t input) const = 0;
};

// Threads: one caller at a time.
class LoadCommitter {
 public:
  LoadCommitter() = default;
  LoadCommitter(const LoadCommitter&) = delete;
  LoadCommitter& operator=(const LoadCommitter&) = delete;
  virtual ~LoadCommitter() = default;
  virtual base::Result<std::uint64_t> last_committed() = 0;
  // Gives what it published, for finish().
  virtual base::Result<std::vector<std::string>> commit(std::uint64_t epoch,
                                                        const std::vector<std::string>& committables) = 0;
  // Discards what writers of this run made in the epoch and later, told of or not.
  virtual base::Result<void> abort(const Undo& undo) = 0;
  // Ends the run, on a committer that was opened for no lane; `published`: by all lanes and epochs.
  virtual base::Result<void> finish(bool complete, const std::vector<std::string>& published) = 0;
};

// One destination, and one writer: of several loads of a manifest, its inputs, if it takes many. Threads: [any] once made.
class Load {
 public:
  Load() = default;
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  virtual ~Load() = default;
  virtual const weir_traits& traits() const = 0;
  virtual std::size_t inputs() const = 0;
  virtual const std::string& link(std::uint64_t input) const = 0;
  virtual const std::string& component() const = 0;
  // Where the rows go, as shown in the ledger.
  virtual std::string shown(std::uint64_t input) const = 0;
  // Whether rows of that schema can be written, as far as the manifest tells.
  virtual base::Result<void> check_input(std::uint64_t /*input*/, const ArrowSchema& /*schema*/) const { return {}; }
  // What a run would change at the destination before it writes rows of that schema: statements in the destination's language, in
  // their order; none where it tells none. Changes nothing. Errors: as open_writer().
  virtual base::Result<std::vector<std::string>> ddl(std::uint64_t /*input*/, const ArrowSchema& /*schema*/,
                                                     const RunIdentity& /*run*/) const {
    return std::vector<std::string>();
  }
  // Opens a writer, one of `inputs` for each of inputs(), for epochs from run.epoch on. `resume`: of the epoch before;
  // empty: there was none.
  virtual base::Result<std::unique_ptr<LoadWriter>> open_writer(std::vector<WriterInput> inputs, const RunIdentity& run,
                                                                const std::string& resume) = 0;
  // One of the run as a whole, to finish it, if `run` has no lane.
  virtual base::Result<std::unique_ptr<LoadCommitter>> open_committer(const RunIdentity& run) = 0;

  // Why nothing can be written after an epoch, as far as is known before a writer is open: a sentence; empty: it can.
  virtual std::string ends_with_epoch() const { return {}; }
  // Leaves the decision to the host, where another destination decides; false: it can't, it only commits by itself.
  virtual bool follow() { return false; }

  bool atomic() const { return (traits().commit & WEIR_COMMIT_ATOMIC) != 0; }
};

struct FileWriting {
  std::shared_ptr<const Component> storage;
  std::shared_ptr<const Component> codec;  // null: none
  std::shared_ptr<const Component> format;
  std::string path;             // may hold {n}, and {column} for each of `by`
  std::uint64_t part_rows = 0;  // 0: no limit
  std::uint64_t part_bytes = 0;
  bool validate_full = false;
  std::vector<std::string> by = {};  // columns that choose the object
  base::Place by_place = {};
  bool append =
      false;  // rows go behind those that the object has; the format has weir.append/1, and there are no parts
  base::Place append_place = {};
};

std::unique_ptr<Load> make_file_load(FileWriting writing);
// Where a loader, so configured, writes, for loads that may share a writer (weir.shared/1); none: it shares with nobody.
base::Result<std::optional<std::string>> shared_destination(const Component& loader);
// `loaders`: one; or several of one component that have one shared_destination(), an input each.
base::Result<std::unique_ptr<Load>> make_loader_load(std::vector<std::shared_ptr<const Component>> loaders);

}  // namespace weir::pipeline
