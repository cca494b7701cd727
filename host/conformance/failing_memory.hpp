// FailingMemory: has a plugin's own calls for memory fail, one at a time: malloc() and its like give null, operator new throws. Only
// calls that stand in the plugin's file: those of the host and of the libraries that it needs go on as they were.
#pragma once

#include <cstdint>

#include "conformance/verdict.hpp"

namespace weir::conformance {

class FailingMemory {
 public:
  // Takes the place of the functions in the file that `inside` lies in, for as long as it is in memory. A skip: there is no such
  // file, or it asks nobody for memory, or this machine's files are not known. [main]; one at a time.
  static base::Result<FailingMemory> of(const void* inside);

  // Counts anew, from 0: the call of that number fails, and -1: none. Threads: [any].
  void fail_at(std::int64_t number);
  // Calls since then. Threads: [any].
  std::int64_t calls() const;

 private:
  FailingMemory() = default;
};

}  // namespace weir::conformance
