#include "run/interrupt.hpp"

#include <vector>

namespace weir::run {

base::Error interrupted() {
  return base::make_error(base::Status::cancelled, base::Fault::host, "run.interrupted",
                          "the run was stopped before its end");
}

void Interrupt::request() {
  const std::lock_guard lock(mutex_);
  requested_ = true;
  if (phase_ == Phase::planning) cancelled_ = true;
  if (execution_ != nullptr) execution_->drain();
  for (Interrupt* const part : parts_) part->request();
}

Interrupt::Part::Part(Interrupt& whole) : whole_(whole) {
  const std::lock_guard lock(whole_.mutex_);
  whole_.parts_.push_back(&own_);
  if (whole_.requested_) own_.request();
}

Interrupt::Part::~Part() {
  const std::lock_guard lock(whole_.mutex_);
  std::erase(whole_.parts_, &own_);
}

bool Interrupt::may_be_left() const {
  const std::lock_guard lock(mutex_);
  return phase_ == Phase::planning;
}

base::Result<void> Interrupt::go_on() const {
  if (requested_) return base::unexpected(interrupted());
  return {};
}

base::Error Interrupt::told(base::Error error) const {
  const bool other = error.status == base::Status::cancelled && error.code != interrupted().code;
  return requested_ && other ? interrupted() : std::move(error);
}

void Interrupt::plan() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::planning;
  if (requested_) cancelled_ = true;
}

void Interrupt::write() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::writing;
  execution_ = nullptr;
  cancelled_ = false;  // what follows, an abort perhaps, is to be done
}

void Interrupt::flow(Execution& execution) {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::flowing;
  execution_ = &execution;
  if (requested_) execution.drain();
}

}  // namespace weir::run
