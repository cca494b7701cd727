// Loading: the plugins of a manifest, with what it says of them.
#pragma once

#include <memory>

#include "manifest/manifest.hpp"
#include "plugins/library.hpp"
#include "plugins/registry.hpp"

namespace weir::run {

// Tries the plugins that a manifest uses, all that are new at once (plugins::expect_loads()). What can't be found is passed over.
void expect_plugins(const manifest::Manifest& manifest, const plugins::Registry& registry);

// Loads the plugin of a component that `use` names. Errors, at the place of `use`: plugin.isolation, of a plugin that the manifest must
// allow to run in this process; those of plugins::Libraries::get().
base::Result<std::shared_ptr<const plugins::Library>> load_plugin(const plugins::Component& found,
                                                                  const manifest::Use& use,
                                                                  const manifest::Manifest& manifest,
                                                                  plugins::Libraries& libraries);

}  // namespace weir::run
