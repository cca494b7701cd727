// What comes after relock(): plugins are put in place, and the lock is written when all of them are.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "packages/relock.hpp"

namespace weir::packages {

struct LockInstallRequest {
  std::filesystem::path folder;           // where plugins go
  std::optional<SignaturePolicy> policy;  // nothing: the user's, by where it was locked from; what the lock says was
                                          // signed must be
  std::string day;                        // today
  std::vector<std::string> try_command;   // as InstallRequest
  std::function<DownloadProgress(const std::string& title)> progress;  // of each package; empty: nobody looks
  WhenWaiting waiting;                                                 // as InstallRequest
};

struct Placed {
  Pick pick;
  std::filesystem::path binary;
  std::string signer;
  std::vector<std::string> warnings;
  bool was_there = false;
};

// Installs what is not there. Takes the lock's signers for the first of their plugins, binds plugins to who signed them in `keys`,
// which the caller writes, and names signers in `relocking.after`. What is in place stays there when a later one can't be. Errors: those of
// install_package(), fetch_package().
base::Result<std::vector<Placed>> install_picks(Relocking& relocking, const LockInstallRequest& request,
                                                security::TrustedKeys& keys);

// Writes the lock, if that changes it, or none is there and something is locked. Gives whether it was. Error: lock.unwritable.
base::Result<bool> write_changed_lock(const std::filesystem::path& folder, const plugins::LockFile& lock);

}  // namespace weir::packages
