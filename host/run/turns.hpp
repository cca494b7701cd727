// Turns: destinations that one can write to at a time, as a database whose transactions lock all of it. Streams that run side by side
// wait here, first come, first served, rather than at the destination, which may let some wait until they give up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace weir::run {

// Threads: [any]. Outlives all turns.
class Turns {
 public:
  // A turn at a destination, until it is given back or goes. An empty one is none. Move only. Threads: one caller at a time.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept
        : turns_(std::exchange(other.turns_, nullptr)), destination_(std::move(other.destination_)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(turns_, other.turns_);
      std::swap(destination_, other.destination_);
      return *this;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { give_back(); }
    void give_back();
    bool held() const { return turns_ != nullptr; }

   private:
    friend class Turns;
    Turn(Turns* turns, std::string destination) : turns_(turns), destination_(std::move(destination)) {}
    Turns* turns_ = nullptr;
    std::string destination_;
  };

  // Waits for the turn; while `cancelled`, which may be null, is not set. Errors: run.interrupted.
  base::Result<Turn> take(const std::string& destination, const std::atomic<bool>* cancelled);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t last_ = 0;                                    // guarded by mutex_
  std::map<std::string, std::deque<std::uint64_t>> waiting_;  // the first has its turn; guarded by mutex_
};

}  // namespace weir::run
