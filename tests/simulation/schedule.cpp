#include "schedule.hpp"

#include <algorithm>
#include <iterator>

#include "worker.hpp"

namespace weir::simulation {
namespace {

constexpr unsigned kMostCalls = 20000, kMostWorkers = 5, kMostLate = 12;

enum class Accident : std::uint8_t {
  none,
  refused,
  answer_lost,
  comes_late,
  comes_twice,
  half_done,
  dies_before,
  dies_halfway,
  dies_after,
  host_dies,
  count
};
const char* name_of(Accident accident) {
  static constexpr const char* kNames[] = {"ok",        "failed",      "answer lost",  "comes late", "comes twice",
                                           "half done", "dies before", "dies halfway", "dies after", "the host dies"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Accident::count));
  return kNames[static_cast<std::size_t>(accident)];
}

// Whether a network may bring it twice: the others are made through a transaction that is gone then, or name what is there.
bool may_come_twice(Call::Kind kind) {
  switch (kind) {
    case Call::Kind::store:
    case Call::Kind::drop:
    case Call::Kind::forget:
    case Call::Kind::complete:
    case Call::Kind::acknowledge:
    case Call::Kind::open:
    case Call::Kind::publish:
    case Call::Kind::finish: return true;
    default: return false;
  }
}

Setup draw(Chance& chance, Wrong wrong) {
  Setup setup;
  setup.wrong = wrong;
  setup.lanes = 1 + chance.below(kMostLanes);
  setup.loaders = 1 + chance.below(3);
  setup.writers = 1 + chance.below(kMostWriters);
  setup.splits = 1 + chance.below(kMostSplits);
  const bool atomic = chance.one_in(2);
  for (unsigned i = 0; i < setup.loaders; ++i)
    setup.kinds[i] = static_cast<LoaderKind>(1 + chance.below(chance.one_in(4) ? 3 : 2));
  if (atomic) setup.kinds[chance.below(setup.loaders)] = LoaderKind::atomic;
  if (atomic && wrong == Wrong::two_atomic_writers) setup.kinds[setup.loaders++] = LoaderKind::atomic;
  for (unsigned lane = 0; lane < setup.lanes; ++lane) {
    for (unsigned split = 0; split < setup.splits; ++split) {
      const Rows rows = (Rows{1} << chance.below(kRowsOfSplit)) - 1;
      setup.rows[lane] |= rows << (split * kRowsOfSplit);
    }
  }
  return setup;
}

class Schedule {
 public:
  Schedule(std::uint64_t seed, Wrong wrong, std::FILE* trace)
      : chance_(seed),
        setup_(draw(chance_, wrong)),
        world_(setup_),
        trace_(trace),
        accidents_(chance_.below(13)),
        rarity_(4U << chance_.below(5)) {}

  Verdict run();

 private:
  struct Slot {
    std::optional<Worker> worker;
    unsigned number = 0;
    unsigned asleep = 0;  // how many calls of others it misses
  };

  bool step();
  void act(Slot& slot);
  void take(Slot& slot, Call call, Accident accident);
  void fail(Worker& worker, const Call& call, bool known);
  void keep_late(const Call& call);
  void bring_late();
  void start(unsigned lane);
  void start_rival();
  Slot* wake();
  bool is_held(unsigned lane) const;
  Accident draw_accident(Call::Kind kind);
  void tell(const Slot* slot, const Call& call, const char* how) const;

  Chance chance_;
  Setup setup_;
  World world_;
  std::FILE* trace_;
  unsigned accidents_, rarity_;
  std::array<Slot, kMostWorkers> slots_{};
  std::array<Call, kMostLate> late_;
  unsigned late_count_ = 0;
  Verdict verdict_;
};

Verdict Schedule::run() {
  if (trace_ != nullptr) {
    std::fprintf(trace_, "%u lanes, %u splits, loaders:", setup_.lanes, setup_.splits);
    static constexpr const char* kKinds[] = {"atomic", "whole", "continuing", "plain"};
    for (unsigned i = 0; i < setup_.loaders; ++i)
      std::fprintf(trace_, " %s", kKinds[static_cast<std::size_t>(setup_.kinds[i])]);
    std::fprintf(trace_, "\n");
  }
  while (world_.problem() == nullptr && step()) {
    if (++verdict_.calls == kMostCalls) world_.note("it does not come to an end");
  }
  if (world_.problem() == nullptr) world_.compare();
  verdict_.problem = world_.problem();
  return verdict_;
}

// One thing that happens; false: nothing more does.
bool Schedule::step() {
  if (late_count_ != 0 && chance_.one_in(8)) {
    bring_late();
    return true;
  }
  if (!world_.complete()) {
    for (unsigned lane = 0; lane < setup_.lanes; ++lane) {
      if (!is_held(lane)) start(lane);
    }
    if (accidents_ != 0 && chance_.one_in(rarity_ * 2)) start_rival();
  }
  if (Slot* slot = wake(); slot != nullptr) {
    act(*slot);
    return true;
  }
  if (late_count_ == 0) return false;
  bring_late();
  return true;
}

bool Schedule::is_held(unsigned lane) const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [lane](const Slot& slot) { return slot.worker && slot.worker->lane_number() == lane; });
}

void Schedule::start(unsigned lane) {
  for (auto& slot : slots_) {
    if (slot.worker) continue;
    slot.worker.emplace(world_, setup_, lane);
    slot.number = ++verdict_.workers;
    slot.asleep = 0;
    return;
  }
}

// Gives a lane to another while its holder lives; that one may oversleep it.
void Schedule::start_rival() {
  const unsigned lane = chance_.below(setup_.lanes);
  const bool sleeps = !chance_.one_in(3);
  for (auto& slot : slots_) {
    if (sleeps && slot.worker && slot.worker->lane_number() == lane) slot.asleep = chance_.below(60);
  }
  const auto free = std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.worker; });
  if (free <= 1) return;
  --accidents_;
  ++verdict_.accidents;
  start(lane);
}

// Whose turn it is; null: nobody has anything to do.
Schedule::Slot* Schedule::wake() {
  std::array<Slot*, kMostWorkers> awake{};
  unsigned count = 0;
  for (auto& slot : slots_) {
    if (slot.worker && slot.asleep != 0) --slot.asleep;
    if (slot.worker && slot.asleep == 0) awake[count++] = &slot;
  }
  if (count != 0) return awake[chance_.below(count)];
  for (auto& slot : slots_) {
    slot.asleep = 0;
    if (slot.worker) return &slot;
  }
  return nullptr;
}

void Schedule::act(Slot& slot) {
  const auto call = slot.worker->next_call(chance_);
  if (call) take(slot, *call, draw_accident(call->kind));
  if (!slot.worker) return;
  if (slot.worker->lane().broken() != 0) world_.note("an invariant of the lane is broken");
  if (slot.worker->over()) slot.worker.reset();
}

Accident Schedule::draw_accident(Call::Kind kind) {
  const bool many = kind == Call::Kind::write || kind == Call::Kind::prepare;  // and all the same
  if (accidents_ == 0 || !chance_.one_in(many ? rarity_ * 4 : rarity_)) return Accident::none;
  --accidents_;
  ++verdict_.accidents;
  const auto accident = static_cast<Accident>(1 + chance_.below(static_cast<unsigned>(Accident::count) - 1));
  return accident == Accident::comes_twice && !may_come_twice(kind) ? Accident::comes_late : accident;
}

void Schedule::take(Slot& slot, Call call, Accident accident) {
  tell(&slot, call, name_of(accident));
  Worker& worker = *slot.worker;
  const bool late = accident == Accident::comes_late || (accident == Accident::dies_before && chance_.one_in(3));
  if (late || accident == Accident::comes_twice) keep_late(call);
  if (accident == Accident::refused) return fail(worker, call, true);
  if (accident == Accident::comes_late) return fail(worker, call, false);
  if (accident == Accident::dies_before) return slot.worker.reset();
  if (accident == Accident::half_done || accident == Accident::dies_halfway) call.reached = chance_.bits();
  const Answer answer = world_.apply(call);
  switch (accident) {
    case Accident::answer_lost:
    case Accident::half_done: return fail(worker, call, false);
    case Accident::dies_halfway:
    case Accident::dies_after: return slot.worker.reset();
    case Accident::host_dies:
      for (auto& each : slots_) each.worker.reset();
      return;
    default: break;
  }
  if (answer.ok) return worker.answer(call, answer);
  tell(&slot, call, "refused");
  fail(worker, call, true);
}

// Whoever fails makes the call again, if it is known to have had no effect; begins again; or ends. When accidents are over, who
// is overtaken ends: else two would take turns for ever.
void Schedule::fail(Worker& worker, const Call& call, bool known) {
  using Failing = recovery::Lane::Failing;
  if (known && chance_.one_in(3)) return;
  worker.fail(call, known, accidents_ != 0 && chance_.one_in(2) ? Failing::restarts : Failing::ends);
}

void Schedule::keep_late(const Call& call) {
  if (late_count_ < kMostLate) late_[late_count_++] = call;  // else it never comes
}

void Schedule::bring_late() {
  std::swap(late_[chance_.below(late_count_)], late_[late_count_ - 1]);
  const Call& call = late_[--late_count_];
  tell(nullptr, call, "comes");
  if (chance_.one_in(8)) return;  // it got lost
  world_.apply(call);
}

void Schedule::tell(const Slot* slot, const Call& call, const char* how) const {
  if (trace_ == nullptr) return;
  if (slot == nullptr)
    std::fprintf(trace_, "    late: ");
  else
    std::fprintf(trace_, "worker %2u: ", slot->number);
  std::fprintf(trace_, "lane %u fence %2u %-11s epoch %u loader %u rows %06x objects %llx: %s\n", call.lane, call.fence,
               name(call.kind), call.epoch, call.loader, call.rows, static_cast<unsigned long long>(call.objects), how);
}

}  // namespace

Verdict simulate(std::uint64_t seed, Wrong wrong, std::FILE* trace) { return Schedule(seed, wrong, trace).run(); }

}  // namespace weir::simulation
