// The lock: weir.lock beside manifests says which version of each plugin they take, and the digests of its binaries, so that every
// machine runs the very same bytes. Written by weir install, meant for version control.
//
//   {"plugins": {"limit": {"digests": {"linux-x86-64-glibc": "…"}, "signer": "SHA256:…",
//                          "source": {"index": "team", "key": "SHA256:…"}, "version": "0.1.0"}},
//    "weir_lock": 1}
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/discovery.hpp"

namespace weir::plugins {

struct LockedPlugin {
  std::string version;    // as the plugin spells it
  std::string index;      // what the index was called where it was locked; empty: it came from a file
  std::string index_key;  // the fingerprint that signs that index: it is the same whatever it is called
  std::string file;    // the package, relative to the lock's folder if it lies below it; empty: it came from an index
  std::string signer;  // the plugin's, a fingerprint; empty: nobody who was believed
  std::map<std::string, std::string>
      digests;  // platform ("linux-x86-64-glibc") to the SHA-256 of its binary: of each there is

  bool operator==(const LockedPlugin&) const = default;
};

struct LockFile {
  std::map<std::string, LockedPlugin> plugins;  // by name

  // Null: it is not locked.
  const LockedPlugin* find(const std::string& plugin) const;
  bool operator==(const LockFile&) const = default;
};

std::filesystem::path lock_path(const std::filesystem::path& folder);

// The same bytes for the same lock, its keys sorted.
std::string lock_text(const LockFile& lock);
// Takes everything in it for hostile, and each key for one meaning: what is unknown, or there twice, is refused. `name`: for messages.
// Error: lock.damaged.
base::Result<LockFile> parse_lock(std::string_view text, const std::string& name);

// Nothing: the file is not there. Errors: lock.unreadable, lock.damaged.
base::Result<std::optional<LockFile>> read_lock(const std::filesystem::path& path);
// In one step. Error: lock.unwritable.
base::Result<void> write_lock(const std::filesystem::path& path, const LockFile& lock);

// "linux-x86-64-glibc": what a plugin's binary is for, as locks and packages spell it.
std::string platform_name(const PluginInfo& info);

// Refuses what is found of locked plugins and is not what is locked, so that Registry does not take it; where nothing of one is, each has
// the reason as its error: plugin.locked_version, or those of check_locked(). Reads the binaries of the locked versions alone.
void hold_to_lock(std::vector<FoundPlugin>& found, const LockFile& lock);

// Whether a binary of the locked version is the one that is locked; reads it. Errors: plugin.other_digest, plugin.unlocked_platform
// (the lock has none for what it runs on).
base::Result<void> check_locked(const PluginInfo& info, const std::filesystem::path& path, const LockedPlugin& locked);

}  // namespace weir::plugins
