// Profiles: `profiles: { dev: {…}, production: {…} }`, of which one is laid over the manifest.
#pragma once

#include <string>

#include "manifest/fields.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

// Which profile, and who says so.
struct ProfileChoice {
  std::string name;      // empty: none
  bool demanded = true;  // by --profile; false: by WEIR_PROFILE, which a manifest without profiles may pass over
};

// Takes `profiles:` out of the tree and lays the chosen one over what is left. Errors: profiles that are no objects, keys
// that no profile can have (in any of them), a choice that is not there.
void apply_profile(Node& tree, const ProfileChoice& choice, Errors& errors);

}  // namespace weir::manifest
