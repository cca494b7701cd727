// Source: what a pipeline reads, as splits; SplitReader: one of them, read piece by piece. An extractor's splits and the
// files of a storage look alike from here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/batch.hpp"
#include "pipeline/outlet.hpp"

namespace weir::pipeline {

// What is read and handed over at one time.
struct Piece {
  std::shared_ptr<const Provenance> from;  // with its text, if it is yet to be parsed
  bool got = false;                        // false: there was nothing to get
  bool to_parse = false;                   // parse() must follow; else its rows went to the outlet already
  bool last = false;                       // nothing comes after it
  // What Source::open() needs to go on right behind it; none: of a source that can't go back, or of the last.
  // Also of the last of one that is to be told what is committed.
  std::optional<std::string> position = {};
  std::uint64_t reached = 0;  // bytes of the world, from the split's start, that were read up to here, or a little more
};

// Threads: read() one caller at a time; parse() and cancel() [any].
class SplitReader {
 public:
  SplitReader() = default;
  SplitReader(const SplitReader&) = delete;
  SplitReader& operator=(const SplitReader&) = delete;
  virtual ~SplitReader() = default;

  // Reads the next piece; may block. Rows that come at once go through `outlet` to `deliver`.
  virtual base::Result<Piece> read(Outlet& outlet, const Deliver& deliver) = 0;
  // Parses a piece that read() gave, on any thread, several at a time.
  virtual base::Result<void> parse(const Piece& piece, Outlet& outlet, const Deliver& deliver) = 0;
  // Whether pieces can be parsed apart from reading.
  virtual bool apart() const = 0;
  // Tells that everything before a position of the split is committed; waits for a read() to end. May be repeated. [any]
  virtual base::Result<void> acknowledge(std::string_view /*position*/) { return {}; }
  // Makes a blocked read() return soon; final. [any]
  virtual void cancel() = 0;
};

struct SplitInfo {
  std::string name;         // as shown: a file, a split's id
  std::int64_t bytes = -1;  // estimates; -1: unknown
  std::int64_t rows = -1;
};

// What a run's identity keeps of an input.
struct InputVersion {
  std::string name, version;
};

// Threads: plan() [main], then open() [any].
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // Finds the splits and settles the schema of their rows.
  virtual base::Result<void> plan() = 0;
  virtual const std::vector<SplitInfo>& splits() const = 0;
  virtual std::vector<InputVersion> inputs() const = 0;
  virtual const std::vector<weir::Schema>& schemas() const = 0;  // one; a vector, as an Outlet takes it
  // After plan(): makes all readers keep to `agreed`, which is copied, or gives the difference of a source that can't.
  virtual base::Result<void> keep_to(const ArrowSchema& agreed) = 0;
  // After plan() and keep_to(): asks the readers that are opened from now on for less, if they can do with it.
  virtual void narrow(const std::shared_ptr<const Narrowing>& /*narrowing*/) {}
  // What narrow() came to; null: readers push all columns.
  virtual const Narrowing* narrowing() const { return nullptr; }
  // Opens a split at a position that a piece of it told, perhaps in another process; empty: at its start.
  virtual base::Result<std::unique_ptr<SplitReader>> open(std::size_t split, std::string_view position) = 0;
  // What it gives of that which was read and not committed, after plan(): WEIR_REPLAY_…
  virtual std::int32_t replay() const = 0;
  // Whether it wants to be told what is committed: each reader at the position that it is opened at, before it reads; and
  // later of the positions of its pieces.
  virtual bool acknowledges() const { return false; }
  // Whether pieces tell positions from which another process can go on.
  bool goes_back() const {
    return replay() == WEIR_REPLAY_EXACT || (replay() == WEIR_REPLAY_REDELIVERY && acknowledges());
  }

  virtual const std::string& plugin() const = 0;  // whose rows they are: the format's, or the extractor's
  virtual const std::string& component() const = 0;
  virtual const std::string& link() const = 0;
  // Bytes a piece is expected to hold, for the budget before it is read.
  virtual std::uint64_t piece_bytes() const = 0;
  // Bytes read from the world so far. [any]
  virtual std::uint64_t bytes_read() const = 0;
};

// What the outlet of a source's readers is made with. The source is lent.
inline OutletSetup outlet_setup(const Source& source, bool validate_full) {
  const Narrowing* const narrowing = source.narrowing();
  const auto& pushed = narrowing == nullptr ? source.schemas() : narrowing->pushed();
  return {source.plugin(), source.link(), &pushed, nullptr, validate_full, false, narrowing};
}

}  // namespace weir::pipeline
