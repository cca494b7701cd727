#include "world.hpp"

#include <algorithm>
#include <iterator>

namespace weir::simulation {

using Kind = Call::Kind;

const char* name(Wrong wrong) {
  static constexpr const char* kNames[] = {"nothing",
                                           "checkpoint_decides",
                                           "before_dropped_early",
                                           "two_atomic_writers",
                                           "no_fence_at_destination",
                                           "first_epoch_unfenced",
                                           "not_confirmed",
                                           "no_fence_at_store",
                                           "sweep_without_fence",
                                           "sweep_keeps_nothing",
                                           "sweep_goes_on",
                                           "resumed_in_place",
                                           "told_once",
                                           "acknowledged_early",
                                           "published_early",
                                           "aborted_blindly"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Wrong::count));
  return kNames[static_cast<std::size_t>(wrong)];
}

const char* name(Kind kind) {
  static constexpr const char* kNames[] = {"grant",       "confirm",     "store",   "drop",  "forget", "complete",
                                           "open_reader", "acknowledge", "open",    "ask",   "begin",  "write",
                                           "prepare",     "commit",      "publish", "abort", "sweep",  "finish"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Kind::finish) + 1);
  return kNames[static_cast<std::size_t>(kind)];
}

Answer World::apply(const Call& call) {
  switch (call.kind) {
    case Kind::grant: return grant(call);
    case Kind::confirm:
    case Kind::store:
    case Kind::drop:
    case Kind::forget: return to_store(call);
    case Kind::complete: complete_ = true; return {};
    case Kind::open_reader:
      if ((acknowledged_[call.lane] & ~call.rows) != 0 && !is_overtaken(call))
        note("a reader is opened before what it acknowledged");
      return {};
    case Kind::acknowledge: acknowledged_[call.lane] |= call.rows; return {};
    case Kind::finish: finish(call); return {};
    default: break;
  }
  Load& load = loads_[call.lane][call.loader];
  if (!setup_.is_two_phase(call.loader)) return to_table(call, load);
  return to_objects(call, load);
}

Answer World::grant(const Call& call) {
  LaneState& lane = store_[call.lane];
  if (lane.fence + 1 == kMostFences) note("the lane is granted without end");
  lane.fence = std::min(lane.fence + 1, kMostFences - 1);
  const unsigned newest = lane.newest();
  Answer answer;
  answer.fence = lane.fence;
  answer.newest = &lane.checkpoints[newest];
  const bool before = newest > 0 && (lane.there >> (newest - 1) & 1U) != 0;
  if (before) answer.before = &lane.checkpoints[newest - 1];
  answer.left = {newest, before, answer.newest->last, complete_};
  return answer;
}

// All that changes a lane's state is refused to a lower fence, and to who knows another state: it is compared and set.
Answer World::to_store(const Call& call) {
  LaneState& lane = store_[call.lane];
  Answer answer;
  answer.ok = !is_overtaken(call) || setup_.wrong == Wrong::no_fence_at_store;
  const std::uint32_t bit = std::uint32_t{1} << call.epoch;
  Checkpoint& checkpoint = lane.checkpoints[call.epoch];
  switch (call.kind) {
    case Kind::confirm: break;
    case Kind::store:
      answer.ok = answer.ok && lane.newest() + 1 == call.epoch;
      if (!answer.ok) break;
      lane.there |= bit;
      checkpoint = call.checkpoint;
      break;
    case Kind::drop:
      answer.ok = answer.ok && checkpoint.fence == call.checkpoint.fence;
      if (answer.ok) lane.there &= ~bit;
      break;
    default:
      if (!answer.ok) break;
      lane.there &= ~bit;
      // What the last epoch published has no next checkpoint to stand in.
      if (Checkpoint& after = lane.checkpoints[call.epoch + 1]; after.last) after.told = call.checkpoint.told;
  }
  if (__builtin_popcount(lane.there) > 2) note("more than two checkpoints are kept");
  return answer;
}

Answer World::to_table(const Call& call, Load& load) const {
  Answer answer;
  const bool atomic = setup_.kinds[call.loader] == LoaderKind::atomic;
  Rows& open = load.open[call.fence];
  const bool overtaken = call.fence < load.fence && setup_.wrong != Wrong::no_fence_at_destination;
  switch (call.kind) {
    case Kind::open:
      answer.ok = !overtaken;
      if (setup_.wrong == Wrong::first_epoch_unfenced && load.committed == 0) break;
      if (answer.ok) load.fence = std::max(load.fence, call.fence);
      break;
    case Kind::ask: answer.committed = load.committed; break;
    case Kind::write:
      if (atomic)
        open |= call.rows;
      else
        load.add(call.rows);
      break;
    case Kind::commit:
      answer.ok = !overtaken;
      if (!answer.ok) break;
      load.add(open);
      open = 0;
      load.committed = call.epoch;
      break;
    case Kind::abort: open = 0; break;
    default: break;
  }
  return answer;
}

Answer World::to_objects(const Call& call, Load& load) {
  Answer answer;
  switch (call.kind) {
    case Kind::begin: begin(call, load); break;
    case Kind::write: {
      Object& object = load.objects[call.object];
      if (object.state == State::absent)
        object = {0, 0, static_cast<std::uint16_t>(call.fence), static_cast<std::uint8_t>(call.epoch), State::staged};
      if (object.state == State::published) load.add(call.rows);
      object.doubled |= object.rows & call.rows;
      object.rows |= call.rows;
      break;
    }
    case Kind::publish: answer.told = publish(call, load); break;
    case Kind::abort:
    case Kind::sweep: abort(call, load); break;
    default: break;
  }
  return answer;
}

// A continuing output goes on from its committed length in an object of its own, for the dead writer may still be alive.
void World::begin(const Call& call, Load& load) {
  Object& object = load.objects[call.object];
  if (object.state == State::absent)
    object = {0, 0, static_cast<std::uint16_t>(call.fence), static_cast<std::uint8_t>(call.epoch), State::staged};
  const Objects before = call.checkpoint.committables[call.loader];
  if (before == 0) return;
  const Object& from = load.objects[static_cast<unsigned>(__builtin_ctzll(before))];
  const Rows length = call.checkpoint.length[call.loader];
  if ((from.state != State::staged || (length & ~from.rows) != 0) && !is_overtaken(call))
    note("what is resumed is gone");
  object.rows = length;
}

Objects World::publish(const Call& call, Load& load) {
  if (setup_.kinds[call.loader] == LoaderKind::continuing && !call.checkpoint.last) return 0;
  for (Objects left = call.objects & call.reached; left != 0; left &= left - 1) {
    Object& object = load.objects[static_cast<unsigned>(__builtin_ctzll(left))];
    if (object.state == State::published) continue;
    if (object.state != State::staged) note("what is published is gone");
    object.state = State::published;
    load.add(object.rows);
    load.doubled |= object.doubled;
  }
  return call.objects;
}

// By the names of objects, which hold epoch and fence: never what was begun earlier, or by a higher fence.
void World::abort(const Call& call, Load& load) const {
  for (unsigned i = 0; i < load.named; ++i) {
    Object& object = load.objects[i];
    const bool later =
        object.epoch >= call.epoch || (setup_.wrong == Wrong::sweep_keeps_nothing && object.fence != call.fence);
    const bool own = object.fence <= call.fence || setup_.wrong == Wrong::sweep_without_fence;
    const bool reached = (call.reached >> i & 1U) != 0;
    if (object.state == State::staged && later && own && reached) object.state = State::gone;
  }
}

void World::finish(const Call& call) {
  for (unsigned lane = 0; lane < setup_.lanes; ++lane) {
    Load& load = loads_[lane][call.loader];
    load.manifest = call.told[lane];
    for (auto& object : load.objects) {
      if (object.state == State::staged) object.state = State::gone;
    }
  }
}

bool World::may_finish() const {
  for (unsigned i = 0; i < setup_.lanes; ++i) {
    const LaneState& lane = store_[i];
    const unsigned newest = lane.newest();
    if (!lane.checkpoints[newest].last || (lane.there & (lane.there - 1)) != 0) return false;
  }
  return true;
}

std::array<Objects, kMostLanes> World::told(unsigned loader) const {
  std::array<Objects, kMostLanes> told{};
  for (unsigned lane = 0; lane < setup_.lanes; ++lane)
    told[lane] = store_[lane].checkpoints[store_[lane].newest()].told[loader];
  return told;
}

void World::compare() {
  for (unsigned lane = 0; lane < setup_.lanes; ++lane) {
    for (unsigned loader = 0; loader < setup_.loaders; ++loader) compare(lane, loader);
  }
}

void World::compare(unsigned lane, unsigned loader) {
  const Load& load = loads_[lane][loader];
  const Rows wanted = setup_.rows[lane];
  if (load.table != wanted) note((load.table & ~wanted) != 0 ? "rows that the source hasn't" : "rows are lost");
  if (setup_.kinds[loader] == LoaderKind::plain) return;  // at least once
  if (load.doubled != 0) note("rows are doubled");
  if (!setup_.is_two_phase(loader)) return;
  Objects published = 0;
  for (unsigned i = 0; i < load.named; ++i) {
    if (load.objects[i].state == State::published) published |= Objects{1} << i;
  }
  if (load.manifest != published) note("finish was not told what is published");
}

}  // namespace weir::simulation
