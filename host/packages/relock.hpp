// Relock: which plugins the manifests of a folder need, in which versions, by the lock beside them or, where that says nothing, by the
// indexes; and what the lock says afterwards. Installs nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "packages/installed.hpp"
#include "packages/offers.hpp"
#include "packages/wanted.hpp"
#include "plugins/discovery.hpp"
#include "plugins/lock_file.hpp"

namespace weir::packages {

struct RelockRequest {
  std::filesystem::path folder;  // of the lock; "." is this one
  std::vector<std::filesystem::path> manifests;
  bool all = false;               // there are no others: what none of them names leaves the lock
  bool locked = false;            // the lock must say all of it already
  bool update = false;            // the newest is taken, whatever is locked: of
  std::vector<std::string> only;  // these plugins; empty: of all
  std::filesystem::path bundle;   // packages come from it alone; empty: from the indexes
};

// A plugin that the manifests need.
struct Pick {
  std::string plugin;
  plugins::LockedPlugin locked;
  std::string was;                    // the version that was locked; empty: none
  std::filesystem::path there;        // the binary, if it is installed already
  std::filesystem::path package;      // a file that it is installed from, where no index has it
  std::optional<FoundRelease> offer;  // of an index
  std::string warning;
};

struct Relocking {
  std::optional<plugins::LockFile> before;
  plugins::LockFile after;
  std::vector<Pick> picks;         // by name
  std::vector<std::string> notes;  // on what is named, and not locked
};

// Reads manifests, lock and what is installed. Servers are reached as the manifests say, where their index remembers nothing else.
// Errors, all together: those of needs_of(), read_lock(), Offers; lock.must_change
// (`locked`), lock.no_version (no index has one that fits all manifests), lock.nowhere (what is locked is nowhere to be had),
// lock.unknown (`only` names what no manifest does).
base::Result<Relocking> relock(const RelockRequest& request, Sources& sources, const security::TrustedKeys& keys,
                               std::string_view day);

}  // namespace weir::packages
