// How long threads were ready and had to wait for a processor, as the kernel counts it: a deadline that leaves it out is the same on a
// machine that does much else.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace weir::security {

// Nanoseconds of this thread, since it began; 0 where the kernel does not tell. Threads: [any].
std::int64_t waited_ns();

// Of the thread of a process that waited longest; 0 where the kernel does not tell, or there is no such process. Threads: [any].
std::int64_t waited_ns_of(pid_t process);

}  // namespace weir::security
