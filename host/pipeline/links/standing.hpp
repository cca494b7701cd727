// What an object has already that rows are appended to (weir.append/1): it is copied into the staged one, and checked.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "pipeline/links/bytes.hpp"
#include "pipeline/load.hpp"
#include "pipeline/sinks.hpp"

namespace weir::pipeline {

// What is asked of the storage and the format. All is lent.
struct StandingSetup {
  const FileWriting& writing;
  const RunIdentity& run;
  void* storage_self;
  const weir_context* format_context;
};

struct Standing {
  std::string version;      // by which a change is seen; empty: there is no object
  std::uint64_t bytes = 0;  // of what it holds, expanded; 0: nothing, it is written as a new one
  std::string between;      // what must stand behind it, before rows do
};

// Gets bytes as they are stored.
using PutStored = std::function<base::Result<void>(weir_bytes bytes)>;

// Errors: what stands there can't be read, or rows of the schema `input` can't stand behind it.
base::Result<void> check_standing(const StandingSetup& setup, const std::string& name, const ArrowSchema& input);
// Checks, then gives everything that the object holds to `put`.
base::Result<Standing> copy_standing(const StandingSetup& setup, const std::string& name, const ArrowSchema& input,
                                     const PutStored& put);
// Errors: another has written there since.
base::Result<void> check_unchanged(const StandingSetup& setup, const std::string& name, const Standing& before);

}  // namespace weir::pipeline
