#include "run/apart.hpp"

namespace weir::run {

void Parting::answered() {
  const std::lock_guard lock(mutex_);
  answered_ = true;
}

void Parting::ended() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void Parting::give_up(base::Error error) {
  const std::lock_guard lock(mutex_);
  if (!given_up_) given_up_ = std::move(error);
  changed_.notify_all();
}

bool Parting::is_answered() const {
  const std::lock_guard lock(mutex_);
  return answered_;
}

std::optional<base::Error> Parting::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || given_up_; });
  return given_up_;
}

}  // namespace weir::run
