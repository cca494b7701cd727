// Memory: what the plugins of a run ask the host for by weir.memory/1, within one limit. Buffers for rows wait for it, since
// those before them are freed as they are loaded; what a plugin keeps of its own (a hash table) does not.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

#include <weir/ext/memory.h>

namespace weir::plugins {

// Outlives every buffer of it. Threads: [any].
class Memory {
 public:
  // `limit_bytes`: of buffers and reservations together. With no buffer out, one is given however large it is: else rows that
  // are larger than the limit could never be read.
  explicit Memory(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  enum class Answer { given, beyond_limit, none_left, cancelled };
  // Gives `bytes` bytes, aligned to 64, not zeroed. Waits until others are freed, but not past `deadline_ns` of
  // CLOCK_MONOTONIC (`beyond_limit`), nor when `is_cancelled()`. none_left: the process has none.
  Answer allocate(std::uint64_t bytes, std::int64_t deadline_ns, const std::function<bool()>& is_cancelled,
                  std::uint8_t** buffer);
  // `buffer`: of any Memory; null: nothing is done.
  static void free(std::uint8_t* buffer);
  // Counts `bytes` of a plugin's own memory; negative: gives them back. False: there is no room.
  bool reserve(std::int64_t bytes);

  std::uint64_t limit_bytes() const { return limit_bytes_; }
  std::uint64_t used_bytes() const;

 private:
  struct Header;
  bool has_room(std::uint64_t bytes) const;
  bool await_room(std::unique_lock<std::mutex>& lock, std::uint64_t bytes, std::int64_t deadline_ns,
                  const std::function<bool()>& is_cancelled);
  void give_back(std::uint64_t bytes);

  const std::uint64_t limit_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::uint64_t buffers_ = 0;   // bytes; guarded by mutex_
  std::uint64_t reserved_ = 0;  // bytes; guarded by mutex_
};

// The table of weir.memory/1, over the Memory of the HostServices that a weir_host was made with.
extern const weir_memory kMemoryTable;

}  // namespace weir::plugins
