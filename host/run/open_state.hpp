// The state of a manifest's pipelines: in the object of a storage, where state: store: says so, else in the state folder.
#pragma once

#include <memory>
#include <string>

#include "run/plan.hpp"
#include "run/run.hpp"
#include "state/store.hpp"

namespace weir::run {

// Opens it; one of the state folder is made.
base::Result<std::unique_ptr<state::Store>> open_state(const Assembly& parts);
// Opens it; null: no state folder is there yet.
base::Result<std::unique_ptr<state::Store>> open_state_if_there(const Assembly& parts);

// The state that a manifest names, for whoever has no run.
struct NamedState {
  std::shared_ptr<const void> parts;    // what the store is made of
  std::unique_ptr<state::Store> store;  // null: the manifest names none, or can't be read: it is the state folder's
  std::string shown;                    // what it is called
};
base::Result<NamedState> open_named_state(const RunOptions& options);

}  // namespace weir::run
