// PipelineLock: a pipeline is run by one process at a time, of one machine or of several that share the state folder.
//
// The lock is the kernel's, on an open file: it goes with its process, however that ends, and a file server takes it back
// from a machine that is gone. What the file says of its holder is for people; a text without a lock is of one that died.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::state {

// Who holds a pipeline, or did. Unknown while a process is about to take or free it: process 0.
struct LockHolder {
  std::int64_t process = 0;
  std::string host;
  std::string since;  // "2026-11-26T22:19:05Z"
};

// Freed with the object, also by the death of the process. Move only. Threads: one caller at a time.
class PipelineLock {
 public:
  // Takes the lock, or says who holds it: run.locked. Errors: state.unusable too.
  static base::Result<PipelineLock> take(const std::filesystem::path& folder, std::string_view pipeline,
                                         std::string_view name);
  // Who holds it now, in this process or another; never in the way of one who takes it. nullopt: nobody, or nobody knows.
  static std::optional<LockHolder> holder(const std::filesystem::path& folder, std::string_view pipeline);

  // Who died with it: the lock was stale.
  const std::optional<LockHolder>& left_by() const { return left_by_; }

  PipelineLock(PipelineLock&& other) noexcept;
  PipelineLock& operator=(PipelineLock&& other) noexcept;
  PipelineLock(const PipelineLock&) = delete;
  PipelineLock& operator=(const PipelineLock&) = delete;
  ~PipelineLock();

 private:
  explicit PipelineLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
  std::optional<LockHolder> left_by_;
};

}  // namespace weir::state
