// SharedParts: what the attempts at all streams of a pipeline have in common while they run side by side. An attempt at a pipeline
// without streams has its own.
#pragma once

#include <optional>
#include <string>

#include "pipeline/budget.hpp"
#include "plugins/call_watch.hpp"
#include "plugins/library.hpp"
#include "plugins/memory.hpp"
#include "plugins/registry.hpp"
#include "run/turns.hpp"
#include "state/store.hpp"

namespace weir::run {

// Threads: [any], once registry and libraries are there.
struct SharedParts {
  SharedParts(plugins::CallLimits limits, plugins::WatchHandler handler, std::uint64_t budget_bytes)
      : calls(limits, std::move(handler)), memory(budget_bytes), budget(budget_bytes) {}

  plugins::CallWatch calls;  // of all plugins below
  plugins::Memory memory;    // likewise
  std::optional<plugins::Registry> registry;
  std::optional<plugins::Libraries> libraries;
  pipeline::Budget budget;
  Turns turns;
  // Of streams, whose pipeline is locked by who runs them all:
  state::Store* store = nullptr;  // lent; null: each attempt locks its pipeline, and opens the store
  std::string whole;              // the id of the run that they are part of; empty: of none
};

}  // namespace weir::run
