#include "run/open_state.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/links/bytes.hpp"
#include "recovery/checkpoint.hpp"
#include "run/installed.hpp"
#include "run/read_manifests.hpp"
#include "run/storage_object.hpp"
#include "state/object_store.hpp"
#include "state/places.hpp"

namespace weir::run {
namespace {

using Opened = base::Result<std::unique_ptr<state::Store>>;

Opened open_stored(const Assembly& parts) {
  WEIR_TRY_ASSIGN(auto storage, assemble_component(parts, *parts.draft.manifest.store, WEIR_KIND_STORAGE));
  WEIR_TRY_ASSIGN(auto object, open_storage_object(std::move(storage), parts.identity));
  return state::open_object_store(std::move(object));
}

// What a store needs that no run lends it; the later ones are made of the earlier ones.
struct OwnParts {
  observe::Redactor redactor;
  manifest::Draft draft;
  plugins::HostServices services;
  std::optional<plugins::Registry> registry;
  std::optional<plugins::Libraries> libraries;
  pipeline::RunIdentity identity;
};

// What a manifest names; no store: it names none, or can't be read.
base::Result<StateAtRest> open_named(const std::string& manifest) {
  RunOptions options;
  options.manifest = manifest;
  auto own = std::make_shared<OwnParts>();
  RunWatch watch;
  watch.redactor = &own->redactor;
  const auto names_one = [](const manifest::Manifest& manifest) {
    return manifest.store && !manifest.store->name.empty();
  };
  auto manifests = read_manifests(options, watch, false);
  if (std::none_of(manifests.begin(), manifests.end(), names_one)) return StateAtRest();
  manifests = read_manifests(options, watch, true);
  const auto found = std::find_if(manifests.begin(), manifests.end(), names_one);
  if (found == manifests.end()) return StateAtRest();
  own->draft.manifest = std::move(*found);
  own->draft.readable = true;
  WEIR_TRY_ASSIGN(own->registry, find_plugins(own->draft.manifest));
  own->libraries.emplace(own->services);
  own->identity.run = recovery::new_run_id();
  StateAtRest named;
  WEIR_TRY_ASSIGN(named.store, open_stored({own->draft, *own->registry, *own->libraries, own->services, own->redactor,
                                            own->identity}));
  if (const auto* const path = own->draft.manifest.store->options.find("path"); path != nullptr)
    named.shown = pipeline::shown_name(path->text);
  named.parts = std::move(own);
  return named;
}

}  // namespace

Opened open_state(const Assembly& parts) {
  if (parts.draft.manifest.store) return open_stored(parts);
  return state::open_store(state::state_folder(parts.draft.manifest.folder));
}

Opened open_state_if_there(const Assembly& parts) {
  if (parts.draft.manifest.store) return open_stored(parts);
  return state::open_store_if_there(state::state_folder(parts.draft.manifest.folder));
}

base::Result<StateAtRest> open_state_at_rest(const std::string& manifest, const std::filesystem::path& folder) {
  StateAtRest state;
  if (!manifest.empty()) {
    WEIR_TRY_ASSIGN(state, open_named(manifest));
  }
  if (state.store != nullptr) return state;
  state.shown = folder.string();
  WEIR_TRY_ASSIGN(state.store, state::open_store_if_there(folder));
  return state;
}

}  // namespace weir::run
