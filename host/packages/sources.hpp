// Sources: the indexes that a user installs from, and what was seen of each.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/index.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {

struct Source {
  std::string name;
  std::filesystem::path place;  // the index's folder
  std::string key;              // the fingerprint that signs it
  std::uint64_t seen = 0;       // the highest version that was seen: an older one is refused
};

// One file of the user's. Threads: one caller at a time.
class Sources {
 public:
  // $XDG_CONFIG_HOME/weir/indexes.json, else ~/.config/weir/…; empty: there is no home.
  static std::filesystem::path file_of_user();
  // None if the file is not there. Error: index.sources.
  static base::Result<Sources> read(const std::filesystem::path& path);
  // Error: index.sources.
  base::Result<void> write() const;

  // Error: index.name, if another has it.
  base::Result<void> add(Source source);
  // Error: index.name, if none has it.
  base::Result<Source> remove(std::string_view name);
  std::vector<Source>& all() { return all_; }
  const std::vector<Source>& all() const { return all_; }

 private:
  std::filesystem::path path_;
  std::vector<Source> all_;
};

struct OpenedIndex {
  Index index;
  std::string expired;  // since when; empty: it is valid. An expired one has nothing new
};

// Reads the index of a source, and remembers its version in it. Errors: index.unreadable, index.damaged, index.signature (its key is not
// trusted, or did not sign it), index.rolled_back (an older one than was seen).
base::Result<OpenedIndex> open_index(Source& source, const security::TrustedKeys& keys, std::string_view day);

// A release and where its package is.
struct FoundRelease {
  Release release;
  std::filesystem::path package;
  std::string source;               // its name
  std::vector<Revocation> revoked;  // what that says of keys
};

// The newest release of a plugin that fits the range ("" or "*": any), this host's ABI and platform, in any source. What is wrong with a
// source is an error only if nothing was found otherwise. Errors: those of open_index(); index.no_plugin (with near names),
// index.no_version (with those that there are), index.expired.
base::Result<FoundRelease> find_release(const std::string& name, const std::string& range, Sources& sources,
                                        const security::TrustedKeys& keys, std::string_view day);

// Whether a package is the one that its index names: size and SHA-256. Error: index.other_package.
base::Result<void> check_package(const FoundRelease& found);

}  // namespace weir::packages
