#include "recovery/lane.hpp"

namespace weir::recovery {

void Lane::granted(Left left) {
  if (!answers(Kind::grant)) return;
  left_ = left;
  stored_ = left.newest;
  if (left.complete) return go(Kind::done, left.newest);
  if (left.newest < decided_) return go(Kind::stop_foreign, left.newest);
  go(Kind::open_committers, left.newest);
}

void Lane::committed(std::uint64_t last) {
  if (!answers(Kind::ask_committed)) return;
  const bool known = last >= decided_;  // else the destination has lost what it had
  if (known && last == left_.newest) return decide(last);
  if (!known || last + 1 != left_.newest || !left_.before_is_there) return go(Kind::stop_foreign, last);
  decided_ = last;
  unknown_ = false;
  after_abort_ = Afterwards::drop;
  go(Kind::abort, left_.newest);
}

void Lane::flowed(bool end) {
  if (!answers(Kind::flow)) return;
  last_ = end;
  go(Kind::prepare, step_.epoch);
}

void Lane::done() {
  const std::uint64_t epoch = step_.epoch;
  switch (step_.kind) {
    case Kind::open_committers:
      shut_out_ = true;
      if (atomic_) return go(Kind::ask_committed, epoch);
      return decide(epoch);
    case Kind::abort: return after_abort();
    case Kind::drop_checkpoint:
      left_ = {epoch - 1, false, false, false};
      stored_ = epoch - 1;
      return decide(epoch - 1);
    case Kind::publish: published_ = epoch; return go(Kind::forget, epoch - 1);
    case Kind::forget:
      forgotten_ = true;
      if (!writing_) return go(Kind::sweep, decided_ + 1);
      return last_ ? go(Kind::finish, decided_) : go(Kind::flow, decided_ + 1);
    case Kind::sweep: return last_ ? go(Kind::finish, decided_) : go(Kind::open_writers, decided_);
    case Kind::open_writers: writing_ = true; return go(Kind::flow, decided_ + 1);
    case Kind::prepare: return go(Kind::store, epoch);
    case Kind::store: stored_ = epoch; return atomic_ ? go(Kind::commit, epoch) : decide(epoch);
    case Kind::commit: return decide(epoch);
    case Kind::finish: finished_ = true; return go(Kind::complete, epoch);
    case Kind::complete:
    case Kind::stop_foreign: return go(Kind::done, epoch);
    case Kind::grant:
    case Kind::ask_committed:
    case Kind::flow:
    case Kind::done: answers(Kind::complete);  // it doesn't
  }
}

void Lane::failed(Failing how) {
  const bool restarts = how == Failing::restarts;
  switch (step_.kind) {
    case Kind::open_writers:
    case Kind::flow:
    case Kind::prepare:
      after_abort_ = restarts ? Afterwards::restart : Afterwards::end;
      return go(Kind::abort, decided_ + 1);
    case Kind::stop_foreign:
    case Kind::done: answers(Kind::complete); return;
    case Kind::abort:
    case Kind::sweep:
      if (!restarts || (step_.kind == Kind::abort && after_abort_ != Afterwards::drop)) return done();
      [[fallthrough]];
    default: unknown_ = true; return go(restarts ? Kind::grant : Kind::done, step_.epoch);
  }
}

// Only the step in hand is answered, with what it asks for.
bool Lane::answers(Kind kind) {
  if (step_.kind == kind) return true;
  if (broken_ == 0) broken_ = 1;
  step_.kind = Kind::done;
  return false;
}

// `epoch` is known to be decided; all before it are published and forgotten.
void Lane::decide(std::uint64_t epoch) {
  if (epoch < decided_ && broken_ == 0) broken_ = 2;
  decided_ = epoch;
  unknown_ = false;
  forgotten_ = epoch == 0;
  if (!writing_) last_ = left_.newest_is_last && epoch == left_.newest;
  go(epoch == 0 ? Kind::sweep : Kind::publish, epoch == 0 ? 1 : epoch);
}

void Lane::after_abort() {
  if (after_abort_ == Afterwards::drop) return go(Kind::drop_checkpoint, step_.epoch);
  go(after_abort_ == Afterwards::restart ? Kind::grant : Kind::done, step_.epoch);
}

// The one way to a step: no step without what the invariants want to be known before it.
void Lane::go(Kind kind, std::uint64_t epoch) {
  if (broken_ == 0) broken_ = broken_by(kind, epoch);
  if (broken_ != 0) kind = Kind::done;
  if (kind == Kind::grant) {
    epoch = 0;
    stored_ = published_ = 0;
    forgotten_ = shut_out_ = writing_ = finished_ = false;
    unknown_ = true;
  }
  step_ = {kind, epoch};
}

int Lane::broken_by(Kind kind, std::uint64_t epoch) const {
  const bool next = epoch == decided_ + 1 && !unknown_;
  switch (kind) {
    case Kind::grant:
    case Kind::open_committers:
    case Kind::stop_foreign:
    case Kind::done: return 0;
    case Kind::ask_committed: return shut_out_ ? 0 : 3;
    case Kind::abort:
    case Kind::sweep: return !shut_out_ ? 3 : next ? 0 : 7;
    case Kind::drop_checkpoint: return next && stored_ == epoch && left_.before_is_there ? 0 : 6;
    case Kind::open_writers: return shut_out_ && epoch == decided_ && !unknown_ ? 0 : 3;
    case Kind::commit: return next && writing_ && stored_ == epoch ? 0 : 5;
    case Kind::publish: return shut_out_ && epoch == decided_ && stored_ == epoch && !unknown_ ? 0 : 5;
    case Kind::flow:
    case Kind::prepare:
    case Kind::store:
      if (!writing_) return 3;
      return next && published_ == decided_ && forgotten_ ? 0 : 4;
    case Kind::forget: return epoch + 1 == decided_ && published_ == decided_ ? 0 : 6;
    case Kind::finish: return last_ && forgotten_ ? 0 : 8;
    case Kind::complete: return finished_ ? 0 : 8;
  }
  return 1;
}

}  // namespace weir::recovery
