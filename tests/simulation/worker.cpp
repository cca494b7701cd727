#include "worker.hpp"

#include <algorithm>

namespace weir::simulation {
namespace {

bool has_atomic(const Setup& setup) {
  return std::any_of(setup.kinds.begin(), setup.kinds.begin() + setup.loaders,
                     [](LoaderKind kind) { return kind == LoaderKind::atomic; });
}

}  // namespace

Worker::Worker(World& world, const Setup& setup, unsigned lane)
    : world_(world), setup_(setup), lane_(has_atomic(setup)), lane_number_(lane) {}

std::optional<Call> Worker::next_call(Chance& chance) {
  while (!over()) {
    const Kind kind = lane_.next().kind;
    if (kind == Kind::finish && !world_.may_finish()) return std::nullopt;
    if (kind == Kind::stop_foreign) world_.note("it stopped, though nobody else wrote");
    if (auto next = part(chance)) return next;
    end_step(chance);
  }
  return std::nullopt;
}

// The next call of the step in hand; none: it has no more.
std::optional<Call> Worker::part(Chance& chance) {
  const auto only = [this](const Call& call) { return part_ == 0 ? std::optional<Call>(call) : std::nullopt; };
  switch (lane_.next().kind) {
    case Kind::grant: return only(call(Call::Kind::grant));
    case Kind::open_committers: return part_for_loaders(Call::Kind::open);
    case Kind::ask_committed: return part_of_asking();
    case Kind::abort: return part_for_loaders(Call::Kind::abort);
    case Kind::sweep: return part_for_loaders(Call::Kind::sweep);
    case Kind::prepare: return part_for_loaders(Call::Kind::prepare);
    case Kind::commit: return part_for_loaders(Call::Kind::commit);
    case Kind::finish: return part_for_loaders(Call::Kind::finish);
    case Kind::publish:
      if (rolled_back_ && setup_.wrong == Wrong::told_once) return std::nullopt;
      return part_for_loaders(Call::Kind::publish);
    case Kind::drop_checkpoint: return only(call(Call::Kind::drop));
    case Kind::forget:
      return part_ < 2 ? std::optional(call(part_ == 0 ? Call::Kind::acknowledge : Call::Kind::forget)) : std::nullopt;
    case Kind::open_writers: return part_of_opening();
    case Kind::flow: return part_of_flow(chance);
    case Kind::store: return part_of_storing();
    case Kind::complete: return only(call(Call::Kind::complete));
    case Kind::stop_foreign:
    case Kind::done: break;
  }
  return std::nullopt;
}

std::optional<Call> Worker::part_for_loaders(Call::Kind kind, unsigned first) {
  for (; part_ - first < setup_.loaders; ++part_) {
    if (takes_part(kind, part_ - first)) return call(kind, part_ - first);
  }
  return std::nullopt;
}

bool Worker::takes_part(Call::Kind kind, unsigned loader) const {
  const bool atomic = setup_.kinds[loader] == LoaderKind::atomic;
  switch (kind) {
    case Call::Kind::open:
    case Call::Kind::ask:
    case Call::Kind::commit: return atomic;
    case Call::Kind::abort: return atomic || setup_.is_two_phase(loader);
    case Call::Kind::prepare: return true;
    default: return setup_.is_two_phase(loader);
  }
}

Call Worker::call(Call::Kind kind, unsigned loader) const {
  Call call;
  call.kind = kind;
  call.lane = static_cast<std::uint8_t>(lane_number_);
  call.loader = static_cast<std::uint8_t>(loader);
  call.fence = fence_;
  call.epoch = static_cast<std::uint32_t>(lane_.next().epoch);
  switch (kind) {
    case Call::Kind::store: call.checkpoint = open_; break;
    case Call::Kind::drop: call.checkpoint = newest_; break;
    case Call::Kind::forget:
      for (unsigned i = 0; i < setup_.loaders; ++i) call.checkpoint.told[i] = base_.told[i] | told_[i];
      break;
    case Call::Kind::publish:
    case Call::Kind::begin:
      call.checkpoint = base_;
      call.objects = base_.committables[loader];
      break;
    case Call::Kind::open_reader:
    case Call::Kind::acknowledge: call.rows = base_.read; break;
    case Call::Kind::finish: call.told = world_.told(loader); break;
    default: break;
  }
  return call;
}

// The answer counts only if nobody has been granted the lane meanwhile.
std::optional<Call> Worker::part_of_asking() {
  if (auto ask = part_for_loaders(Call::Kind::ask)) return ask;
  if (part_ > setup_.loaders || setup_.wrong == Wrong::not_confirmed) return std::nullopt;
  return call(Call::Kind::confirm);
}

std::optional<Call> Worker::part_of_opening() {
  if (part_ == 0) return call(Call::Kind::open_reader);
  for (; part_ <= setup_.loaders; ++part_) {
    const unsigned loader = part_ - 1;
    if (setup_.kinds[loader] != LoaderKind::continuing) continue;
    Call begin = call(Call::Kind::begin, loader);
    ++begin.epoch;  // its rows are of the next
    begin.object = world_.name_object(lane_number_, loader);
    if (setup_.wrong == Wrong::resumed_in_place && begin.objects != 0)
      begin.object = static_cast<std::uint8_t>(__builtin_ctzll(begin.objects));
    objects_[loader][0] = static_cast<std::uint8_t>(begin.object + 1);
    return begin;
  }
  return std::nullopt;
}

std::optional<Call> Worker::part_of_flow(Chance& chance) {
  for (;;) {
    if (batch_ == 0 && (batches_ == 0 || open_.read == setup_.rows[lane_number_])) return std::nullopt;
    if (batch_ == 0) read_batch(chance);
    if (part_ < setup_.loaders) return write(part_);
    part_ = 0;
    batch_ = 0;
  }
}

// Some rows of one split, from where it is.
void Worker::read_batch(Chance& chance) {
  --batches_;
  part_ = 0;
  writer_ = chance.below(setup_.writers);
  Rows left = 0;
  for (unsigned split = chance.below(setup_.splits); left == 0; split = (split + 1) % setup_.splits) {
    left = setup_.rows[lane_number_] & ~open_.read & (Rows{(1U << kRowsOfSplit) - 1} << (split * kRowsOfSplit));
  }
  for (unsigned count = 1 + chance.below(4); count > 0 && left != 0; --count) {
    batch_ |= left & -left;
    left &= left - 1;
  }
  open_.read |= batch_;
}

Call Worker::write(unsigned loader) {
  Call write = call(Call::Kind::write, loader);
  write.rows = batch_;
  if (!setup_.is_two_phase(loader)) return write;
  const unsigned writer = setup_.kinds[loader] == LoaderKind::whole ? writer_ : 0;
  auto& object = objects_[loader][writer];
  if (object == 0) object = static_cast<std::uint8_t>(world_.name_object(lane_number_, loader) + 1);
  write.object = static_cast<std::uint8_t>(object - 1);
  open_.committables[loader] |= Objects{1} << write.object;
  open_.length[loader] |= batch_;
  return write;
}

std::optional<Call> Worker::part_of_storing() {
  open_.last = lane_.is_last();
  open_.fence = fence_;
  if (part_ == 0) return call(Call::Kind::store);
  Call early = call(Call::Kind::forget);
  switch (setup_.wrong) {
    case Wrong::before_dropped_early: --early.epoch; break;
    case Wrong::acknowledged_early:
      early.kind = Call::Kind::acknowledge;
      early.rows = open_.read;
      break;
    case Wrong::published_early: {
      auto publish = part_for_loaders(Call::Kind::publish, 1);
      if (publish) publish->objects = open_.committables[publish->loader], publish->checkpoint = open_;
      return publish;
    }
    default: return std::nullopt;
  }
  return part_ == 1 ? std::optional<Call>(early) : std::nullopt;
}

void Worker::answer(const Call& call, const Answer& answer) {
  if (call.kind == Call::Kind::grant) return take_grant(answer);
  if (call.kind == Call::Kind::publish) told_[call.loader] = answer.told;
  if (call.kind == Call::Kind::ask) {
    asked_ = setup_.wrong == Wrong::checkpoint_decides ? call.epoch : answer.committed;
    part_ = setup_.loaders - 1U;
  }
  ++part_;
}

void Worker::take_grant(const Answer& answer) {
  fence_ = answer.fence;
  newest_ = *answer.newest;
  base_ = answer.before == nullptr ? Checkpoint() : *answer.before;
  told_ = {};
  rolled_back_ = false;
  lane_.granted(answer.left);
  begin_step();
}

void Worker::fail(const Call& call, bool known, recovery::Lane::Failing how) {
  const Kind kind = lane_.next().kind;
  if (kind == Kind::sweep || kind == Kind::abort) {
    if (known || setup_.wrong == Wrong::sweep_goes_on) {
      ++part_;
      return;
    }
    // It may still go on, so nothing more is done under this fence.
    gave_up_ = how == recovery::Lane::Failing::ends;
    if (gave_up_) return;
  }
  if (call.kind == Call::Kind::store && setup_.wrong == Wrong::aborted_blindly) {
    for (part_ = 0; auto abort = part_for_loaders(Call::Kind::abort); ++part_) world_.apply(*abort);
  }
  lane_.failed(how);
  begin_step();
}

void Worker::end_step(Chance& chance) {
  const Kind ended = lane_.next().kind;
  if (ended == Kind::flow)
    lane_.flowed(open_.read == setup_.rows[lane_number_] && !chance.one_in(4));
  else if (ended == Kind::ask_committed)
    lane_.committed(asked_);
  else
    lane_.done();
  if (ended == Kind::store) {
    newest_ = open_;
    rolled_back_ = false;
  }
  if (ended == Kind::drop_checkpoint) {
    newest_ = base_;
    rolled_back_ = true;
  }
  begin_step();
  if (ended != Kind::flow && lane_.next().kind == Kind::flow) begin_epoch(chance);
}

void Worker::begin_step() {
  part_ = 0;
  batch_ = 0;
  const Kind kind = lane_.next().kind;
  if (kind == Kind::publish || kind == Kind::sweep) base_ = newest_;  // which is decided, then
}

void Worker::begin_epoch(Chance& chance) {
  open_ = {};
  open_.read = base_.read;
  for (unsigned i = 0; i < setup_.loaders; ++i) {
    open_.told[i] = base_.told[i] | told_[i];
    if (setup_.kinds[i] != LoaderKind::continuing) {
      objects_[i] = {};
      continue;
    }
    open_.committables[i] = Objects{1} << (objects_[i][0] - 1U);
    open_.length[i] = base_.length[i];
  }
  batches_ = lane_.next().epoch > kMostEpochs - 8 ? 64 : chance.below(4);
}

}  // namespace weir::simulation
