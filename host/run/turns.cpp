#include "run/turns.hpp"

#include <algorithm>
#include <chrono>

#include "run/interrupt.hpp"

namespace weir::run {

namespace {
constexpr std::chrono::milliseconds kBetweenLooks(50);  // at whether it is still wanted
}

base::Result<Turns::Turn> Turns::take(const std::string& destination, const std::atomic<bool>* cancelled) {
  std::unique_lock lock(mutex_);
  const std::uint64_t own = ++last_;
  auto& line = waiting_[destination];
  line.push_back(own);
  while (line.front() != own) {
    if (cancelled != nullptr && *cancelled) {
      line.erase(std::find(line.begin(), line.end(), own));
      return base::unexpected(interrupted());
    }
    changed_.wait_for(lock, kBetweenLooks);
  }
  return Turn(this, destination);
}

void Turns::Turn::give_back() {
  if (turns_ == nullptr) return;
  Turns& turns = *std::exchange(turns_, nullptr);
  const std::lock_guard lock(turns.mutex_);
  auto line = turns.waiting_.find(destination_);
  line->second.pop_front();
  if (line->second.empty()) turns.waiting_.erase(line);
  turns.changed_.notify_all();
}

}  // namespace weir::run
