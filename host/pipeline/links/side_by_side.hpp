// Calls that wait for a device and need nothing of each other: made at the same time, they wait together. A file system, for one,
// makes what all of them ask for durable at once.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.hpp"

namespace weir::pipeline {

// Calls `call` with each number below `count`, a few at once, on threads of its own and this one. Behind a failure no other call
// begins; gives that of the lowest number. Threads: `call` is called on any, and throws nothing.
base::Result<void> side_by_side(std::size_t count, const std::function<base::Result<void>(std::size_t)>& call);

}  // namespace weir::pipeline
