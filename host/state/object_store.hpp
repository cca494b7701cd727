// A store in one object of a storage. All entries stand in it, so a change of any is a change of the object: read, changed in memory,
// and put back if nobody else was faster; else once more. That makes each call one step, and what a reader holds is one moment.
//
//   object  = "weir state 1\n" digest body    digest: XXH3, 128 bits, of the body, big endian
//   body    = floor writers entries           numbers: 8 bytes, little endian
//   floor   = number                          the highest version of an entry that was removed: a new one begins above it
//   writers = count (16 bytes)*               who made the last changes, the newest last; kMostWriters at most
//   entries = count (key version expires value)*    in the order of keys
//   key, value = length bytes
//
// A replacement whose outcome is not known (a connection that was cut) is looked for among the writers: it is never made twice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "state/shared_object.hpp"
#include "state/store.hpp"

namespace weir::state {

// More than the state of any pipeline that should be kept so: each change writes all of it.
constexpr std::uint64_t kMostStateBytes = 256ULL << 20U;

// Waits a while before a change is tried again, for others are faster; `tries`: how often it was.
using Pause = std::function<void(std::uint64_t tries)>;
void pause_at_random(std::uint64_t tries);

// Opens the store in an object, which is made by the first change, and holds at most so many bytes. Errors, of each call: what the object tells; state.damaged,
// state.newer, state.too_large.
base::Result<std::unique_ptr<Store>> open_object_store(std::unique_ptr<SharedObject> object,
                                                       Clock clock = observe::now_ns, Pause pause = pause_at_random,
                                                       std::uint64_t most_bytes = kMostStateBytes);

}  // namespace weir::state
