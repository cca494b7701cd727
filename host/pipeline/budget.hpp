// Budget: the bytes of rows in flight that several runs may have together. Each that runs now has the same share; one alone all.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weir::pipeline {

// Threads: [any].
class Budget {
 public:
  explicit Budget(std::uint64_t bytes) : bytes_(bytes) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  // One that runs, as long as this is there. The budget outlives it.
  class Part {
   public:
    explicit Part(Budget& budget) : budget_(budget) { ++budget_.parts_; }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() { --budget_.parts_; }

   private:
    Budget& budget_;
  };

  // What one may have now: it shrinks when another begins, and who has more then gives it back as its rows are loaded.
  std::uint64_t share() const { return bytes_ / std::max<std::size_t>(parts_.load(std::memory_order_relaxed), 1); }

 private:
  const std::uint64_t bytes_;
  std::atomic<std::size_t> parts_{0};
};

}  // namespace weir::pipeline
