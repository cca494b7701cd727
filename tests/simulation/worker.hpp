// Worker: who holds a lane, or thinks so: it drives recovery::Lane as the runner does, and keeps in memory what a process
// would. Each step is some calls to the world, one at a time; how they go is the schedule's to say.
#pragma once

#include <optional>

#include "chance.hpp"
#include "world.hpp"

namespace weir::simulation {

class Worker {
 public:
  Worker(World& world, const Setup& setup, unsigned lane);

  unsigned lane_number() const { return lane_number_; }
  const recovery::Lane& lane() const { return lane_; }
  // The call that it makes next; none: it is over(), or waits for the other lanes. Must be answered before the next.
  std::optional<Call> next_call(Chance& chance);
  void answer(const Call& call, const Answer& answer);
  // The call failed. `known`: it has ended, and had no effect.
  void fail(const Call& call, bool known, recovery::Lane::Failing how);
  bool over() const { return gave_up_ || lane_.next().kind == recovery::Step::Kind::done; }

 private:
  using Kind = recovery::Step::Kind;
  std::optional<Call> part(Chance& chance);
  std::optional<Call> part_of_asking();
  std::optional<Call> part_of_opening();
  std::optional<Call> part_of_flow(Chance& chance);
  std::optional<Call> part_of_storing();
  std::optional<Call> part_for_loaders(Call::Kind kind, unsigned first = 0);
  bool takes_part(Call::Kind kind, unsigned loader) const;
  Call call(Call::Kind kind, unsigned loader = 0) const;
  Call write(unsigned loader);
  void read_batch(Chance& chance);
  void end_step(Chance& chance);
  void begin_step();
  void begin_epoch(Chance& chance);
  void take_grant(const Answer& answer);

  World& world_;
  const Setup& setup_;
  recovery::Lane lane_;
  unsigned lane_number_;
  unsigned part_ = 0;  // of the step in hand
  std::uint32_t fence_ = 0;
  std::uint64_t asked_ = 0;  // what the atomic writer has committed
  bool rolled_back_ = false, gave_up_ = false;
  Checkpoint newest_;                                                           // perhaps undecided
  Checkpoint base_;                                                             // of the newest decided epoch
  Checkpoint open_;                                                             // of the open epoch, as it grows
  std::array<Objects, kMostLoaders> told_{};                                    // of the newest decided epoch
  std::array<std::array<std::uint8_t, kMostWriters>, kMostLoaders> objects_{};  // their number plus one; 0: none yet
  unsigned batches_ = 0;                                                        // to be read before the barrier
  unsigned writer_ = 0;                                                         // of the batch in hand
  Rows batch_ = 0;                                                              // in hand; 0: none
};

}  // namespace weir::simulation
