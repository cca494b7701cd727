// Prune: which of the versions that are installed nobody needs any more.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "packages/installed.hpp"
#include "plugins/lock_file.hpp"

namespace weir::packages {

struct PruneRequest {
  std::filesystem::path folder;          // of plugins
  std::vector<plugins::LockFile> locks;  // what these name stays
  bool dry = false;                      // nothing is removed
  WhenWaiting waiting;                   // as InstallRequest
};

struct Superseded {
  Installed installed;
  std::string newest;   // the version that is newer
  std::string used_by;  // the processes that have it open: then it stays; empty: it was removed, or would be
};

// Removes, of each plugin that weir has installed in a folder, all versions but the newest and those that a lock names. What a process
// of this user has loaded stays. Errors: those of remove_installed().
base::Result<std::vector<Superseded>> prune(const PruneRequest& request);

}  // namespace weir::packages
