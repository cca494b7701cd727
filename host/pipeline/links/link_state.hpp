// What an instance remembers from one epoch to the next (weir.state/1), as the host carries it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <weir/ext/state.h>

#include "pipeline/component.hpp"

namespace weir::pipeline {

struct StateItem {
  std::string key, value;
};

struct StateChange {
  std::string key;
  std::optional<std::string> value;  // none: the item is gone
};

// Of keys and values, as ext/state.h says.
inline constexpr std::uint64_t kMostKeyBytes = 1U << 10U;
inline constexpr std::uint64_t kMostValueBytes = 16U << 20U;

// The component's functions; null: it has none or, so configured, nothing to remember, and forgets everything at a barrier.
const weir_state* state_of(const Component& component);

// Asks an instance for what changed since the last time, each key once. Precondition: state_of(component).
base::Result<std::vector<StateChange>> take_snapshot(const Component& component, void* self);

// Gives an instance items back, in calls of bounded size; `last`: these are all, and with those of calls before all that
// there are. Precondition: state_of(component).
base::Result<void> restore_state(const Component& component, void* self, std::span<const StateItem> items, bool last);

}  // namespace weir::pipeline
