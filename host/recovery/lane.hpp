// Lane: the protocol of epochs, one lane's part of it: what is done next, and what follows from how it went. A pure state
// machine: no clock, thread or I/O of its own. Whoever runs a lane does `for (;;) switch (lane.next().kind)`, takes the step
// and tells how it went; the simulator of tests/simulation does the same with millions of accidents. docs/recovery.md tells it
// to readers. e is the newest decided epoch:
//
//   grant ─► open_committers ─► ask_committed ─┬─ the newest checkpoint ──────────────────────────────────────┐
//     ▲   └─ run is complete ─► done           ├─ the one before ─► abort(e+1) ─► drop_checkpoint(e+1) ───────┤
//     │           └─ no atomic writer: as the  └─ anything else ─► stop_foreign ─► done                       │
//     │              newest checkpoint                                                                        │
//     │                                                                                                       ▼
//     │      ┌─ e isn't the last ─┬─ sweep(e+1) ◄─ forget(e−1) ◄─ publish(e) ◄─────────────────────────── e is decided
//     │      │                    │      ▲                                                                    │
//     │      │     e is the last: finish └──────────── e = 0, the plan, needs neither ────────────────────────┘
//     │      ▼
//     │   open_writers(e) ─► flow(e+1) ─► prepare ─► store ─► commit ─► publish ─► forget ─┬─ last ─► finish ─► complete
//     │         │             │  ▲          │               (if atomic)                    │                       │
//     │         │             │  └──────────┼────────────── e becomes e+1 ─────────────────┘                     done
//     │         └── failed ───┴─────────────┘
//     │               ▼
//     ├─ restarts ─ abort(e+1) ─ ends ─► done
//     │
//     └─ failed(restarts) of any other step: all is left as it is, for what the step did is not known: the next grant asks.
//        So with failed(ends), which leads to done.
//
// Of abort and sweep failed(ends) is passed over: what they leave is swept by who comes next. But an abort() that may still go
// on (DEADLINE_EXCEEDED, UNKNOWN) would take what is prepared under the same fence: it must be failed(restarts), or nothing
// more be done.
//
// Invariants (broken() gives the number of the first that did not hold):
//   1 an answer fits the step in hand
//   2 what is known to be decided never shrinks
//   3 after a grant nothing happens at the destination before open_committers, which shuts out those with a lower fence;
//     and rows flow only behind open_writers, which comes after sweep
//   4 an epoch is begun only when the one before is decided and published: at most two checkpoints are kept
//   5 commit(e) only behind store(e); publish(e) only of e that is decided
//   6 checkpoint e−1 is forgotten only when e is published; e+1 is dropped only when e is there and e+1 is known to be
//     undecided
//   7 abort and sweep touch no epoch that is decided, and none of which that is not known
//   8 finish only when the last epoch is forgotten; complete only behind finish
#pragma once

#include <cstdint>

namespace weir::recovery {

struct Step {
  enum class Kind : std::uint8_t {
    // Close what is open; take a higher fence for the lane; read what the store holds. Answer: granted().
    grant,
    open_committers,  // with the fence
    // The atomic one's last_committed(); then see in the store that nobody has been granted the lane since, for that one's
    // commits would be taken for ours: if so, failed(). Answer: committed().
    ask_committed,
    // Close readers and writers that are open; committers abort(epoch), with the committables of its checkpoint if there.
    abort,
    drop_checkpoint,  // remove checkpoint `epoch`: under the fence, like all that changes the store
    publish,          // two-phase committers commit(epoch); what they tell goes into the next checkpoint
    // Readers, opened if they aren't, acknowledge their positions in checkpoint epoch + 1; then `epoch` is removed.
    forget,
    sweep,         // two-phase committers abort(epoch) without committables
    open_writers,  // and readers, links: at checkpoint `epoch`
    flow,          // bring rows of `epoch` to the writers, up to a barrier. Answer: flowed()
    prepare,       // links and writers end `epoch`
    store,         // checkpoint `epoch`, durably; is_last() goes into it. The one before stays
    commit,        // the atomic writer's
    finish,        // once every lane of the run is here: committers of no lane finish(complete). Done for all at once
    complete,      // mark the run complete in the store
    stop_foreign,  // tell that the destination, or the store, has what this run never made
    done           // close what is open
  };
  Kind kind = Kind::grant;
  std::uint64_t epoch = 0;
  bool operator==(const Step&) const = default;
};

// What the store holds under the new fence.
struct Left {
  std::uint64_t newest = 0;      // the newest checkpoint; 0: the plan
  bool before_is_there = false;  // whether newest − 1 is kept; of the plan: whether forget(0) has not been done
  bool newest_is_last = false;   // whether newest ends the run
  bool complete = false;         // the run is marked complete: nothing else counts
};

// Threads: one caller at a time.
class Lane {
 public:
  // `atomic`: one of its writers is. More than one is refused before a run.
  explicit Lane(bool atomic) : atomic_(atomic) {}

  // What is to be done now; the same until it is answered. After done there is nothing.
  Step next() const { return step_; }
  // Whether the epoch in hand is the run's last: from flowed(true) on, or by its checkpoint.
  bool is_last() const { return last_; }

  void granted(Left left);             // answers grant
  void committed(std::uint64_t last);  // answers ask_committed
  // Answers flow: all rows up to the barrier are with the writers; `end`: input has ended.
  void flowed(bool end);
  // Answers any other step: it succeeded.
  void done();

  // Whether what failed may be begun again from the checkpoint, by a new grant (ABORTED, UNKNOWN, DEADLINE_EXCEEDED).
  enum class Failing : std::uint8_t { ends, restarts };
  // Answers any step: it failed, perhaps with effect. To drain, call failed(ends) at flow: the open epoch is aborted.
  void failed(Failing how);

  // The number of the first invariant that did not hold, 0 if all did: a defect of this file or of its caller. The lane is
  // done then, with all left as it is.
  int broken() const { return broken_; }

 private:
  using Kind = Step::Kind;
  bool answers(Kind kind);
  void go(Kind kind, std::uint64_t epoch);
  int broken_by(Kind kind, std::uint64_t epoch) const;
  void decide(std::uint64_t epoch);
  void after_sweep();
  void after_abort();

  bool atomic_;
  Step step_;
  Left left_;
  bool last_ = false;
  // What is known, beside the step in hand; what follows is checked against it.
  std::uint64_t decided_ = 0;
  std::uint64_t stored_ = 0;  // under this grant, as are the rest
  std::uint64_t published_ = 0;
  bool forgotten_ = false;  // the one before decided_ is
  bool shut_out_ = false;   // committers are open
  bool writing_ = false;    // writers are
  bool unknown_ = true;     // whether the newest checkpoint is decided, or there
  bool finished_ = false;
  enum class Afterwards : std::uint8_t { drop, restart, end } after_abort_ = Afterwards::drop;
  int broken_ = 0;
};

}  // namespace weir::recovery
