// World: what the lanes of a simulated run act on: a source, a state store, destinations of every kind; and the mistakes that
// a host or a destination could make, each of which the simulator must find. Rows are bits, so what a place holds is a mask,
// and a row that comes twice is an overlap. No allocation: a schedule takes microseconds.
//
// All of it is reached by calls, each with a single effect, so that a call can come late, twice, or never.
#pragma once

#include <array>
#include <cstdint>

#include "recovery/lane.hpp"

namespace weir::simulation {

inline constexpr unsigned kMostLanes = 3, kMostLoaders = 4, kMostWriters = 2, kMostEpochs = 32, kMostObjects = 64,
                          kMostFences = 64, kMostSplits = 3, kRowsOfSplit = 8;
using Rows = std::uint32_t;     // split s has the bits from s * kRowsOfSplit on
using Objects = std::uint64_t;  // of one loader in one lane, by their number

enum class Wrong : std::uint8_t {
  nothing,
  checkpoint_decides,       // whatever the atomic writer has committed
  before_dropped_early,     // checkpoint e−1, when e is stored
  two_atomic_writers,       // in one lane
  no_fence_at_destination,  // it takes commits of a lower one
  first_epoch_unfenced,     // it remembers a fence only beside a token
  not_confirmed,            // what the atomic writer has committed, though another may hold the lane by now
  no_fence_at_store,        // it takes checkpoints of a lower one
  sweep_without_fence,      // what a higher fence prepares is taken too
  sweep_keeps_nothing,      // it takes all of lower fences, also what a kept checkpoint names
  sweep_goes_on,            // one that timed out counts as failed
  resumed_in_place,         // a continuing output goes on in the object of the dead writer
  told_once,                // after a roll-back it isn't asked again what the epoch before published
  acknowledged_early,       // when e is stored
  published_early,          // when e is stored
  aborted_blindly,          // when storing e failed
  count
};
const char* name(Wrong wrong);

enum class LoaderKind : std::uint8_t {
  atomic,      // a table with a token
  whole,       // two-phase: an object for each epoch and writer
  continuing,  // two-phase: one object over all epochs
  plain        // neither: what is written is there
};

// One pipeline, as drawn for a schedule.
struct Setup {
  unsigned lanes = 1, loaders = 1, writers = 1, splits = 1;
  std::array<LoaderKind, kMostLoaders> kinds{};
  std::array<Rows, kMostLanes> rows{};
  Wrong wrong = Wrong::nothing;

  bool is_two_phase(unsigned loader) const {
    return kinds[loader] == LoaderKind::whole || kinds[loader] == LoaderKind::continuing;
  }
};

// All that an epoch's end is told by. Of a continuing output `length` is what was in the object.
struct Checkpoint {
  bool last = false;
  std::uint32_t fence = 0;  // of who stored it: with the epoch, the version that is compared and set
  Rows read = 0;
  std::array<Objects, kMostLoaders> committables{};
  std::array<Rows, kMostLoaders> length{};
  std::array<Objects, kMostLoaders> told{};  // published, of the epochs before
};

struct Call {
  enum class Kind : std::uint8_t {
    grant,  // the state store
    confirm,
    store,
    drop,
    forget,
    complete,
    open_reader,  // the source
    acknowledge,
    open,  // a loader
    ask,
    begin,
    write,
    prepare,
    commit,
    publish,
    abort,
    sweep,
    finish
  };
  Kind kind = Kind::grant;
  std::uint8_t lane = 0, loader = 0, object = 0;
  std::uint32_t fence = 0;
  std::uint32_t epoch = 0;
  Rows rows = 0;
  Objects objects = 0;
  Objects reached = ~Objects{0};           // by a call that ended halfway: the others keep as they are
  Checkpoint checkpoint{};                 // to store; of begin, what is resumed
  std::array<Objects, kMostLanes> told{};  // of finish
};
const char* name(Call::Kind kind);

struct Answer {
  bool ok = true;  // else refused, without effect
  recovery::Left left{};
  std::uint32_t fence = 0;
  std::uint64_t committed = 0;
  Objects told = 0;                    // of publish
  const Checkpoint* newest = nullptr;  // of grant
  const Checkpoint* before = nullptr;  // null: it isn't kept
};

class World {
 public:
  explicit World(const Setup& setup) : setup_(setup) {
    for (auto& lane : store_) lane.there = 1;  // the plan
  }

  Answer apply(const Call& call);

  // Numbers a new object of a two-phase loader: no two have the same name.
  std::uint8_t name_object(unsigned lane, unsigned loader) { return loads_[lane][loader].named++; }
  // Whether every lane has forgotten its last epoch; then what they were told, by loader.
  bool may_finish() const;
  std::array<Objects, kMostLanes> told(unsigned loader) const;

  bool complete() const { return complete_; }
  // What went wrong so far, null: nothing.
  const char* problem() const { return problem_; }
  void note(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
  }
  // Compares the destinations with the source when all is over.
  void compare();

 private:
  struct LaneState {
    std::uint32_t fence = 0;
    std::uint32_t there = 0;  // checkpoints, as bits
    std::array<Checkpoint, kMostEpochs> checkpoints{};
    unsigned newest() const { return 31U - static_cast<unsigned>(__builtin_clz(there | 1U)); }
  };
  enum class State : std::uint8_t { absent, staged, published, gone };
  struct Object {
    Rows rows = 0, doubled = 0;
    std::uint16_t fence = 0;
    std::uint8_t epoch = 0;  // it was begun in
    State state = State::absent;
  };
  struct Load {
    // A table: of an atomic one, of published objects, of a plain one.
    Rows table = 0, doubled = 0;
    std::uint32_t fence = 0;      // the token
    std::uint64_t committed = 0;  // the token
    Objects manifest = 0;         // what finish() was told
    std::uint8_t named = 0;
    std::array<Rows, kMostFences> open{};  // transactions
    std::array<Object, kMostObjects> objects{};

    void add(Rows rows) {
      doubled |= table & rows;
      table |= rows;
    }
  };

  Answer grant(const Call& call);
  Answer to_store(const Call& call);
  bool is_overtaken(const Call& call) const { return call.fence != store_[call.lane].fence; }
  Answer to_table(const Call& call, Load& load) const;
  Answer to_objects(const Call& call, Load& load);
  void begin(const Call& call, Load& load);
  Objects publish(const Call& call, Load& load);
  void abort(const Call& call, Load& load) const;
  void finish(const Call& call);
  void compare(unsigned lane, unsigned loader);

  const Setup& setup_;
  std::array<LaneState, kMostLanes> store_{};
  std::array<std::array<Load, kMostLoaders>, kMostLanes> loads_{};
  std::array<Rows, kMostLanes> acknowledged_{};
  bool complete_ = false;
  const char* problem_ = nullptr;
};

}  // namespace weir::simulation
