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

// State, for whoever has no run.
struct StateAtRest {
  std::shared_ptr<const void> parts;    // what the store is made of, if a manifest names it
  std::unique_ptr<state::Store> store;  // null: there is none yet
  std::string shown;                    // what it is kept in
};
// What a manifest's state: store: names; without one, or of a file that can't be read (empty: of none), that of the state folder.
base::Result<StateAtRest> open_state_at_rest(const std::string& manifest, const std::filesystem::path& folder);

}  // namespace weir::run
