// Releases: which version of a plugin a user's indexes have for this machine, and its package.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/download.hpp"
#include "packages/index_reading.hpp"

namespace weir::packages {

// A release, and where it was found.
struct FoundRelease {
  Release release;
  Source source;
  std::vector<Revocation> revoked;    // what that index says of keys
  std::vector<std::string> warnings;  // of that index
};

// The newest release of a plugin that fits the range ("" or "*": any), this host's ABI and platform, in any source. What is wrong with a
// source is an error only if nothing was found otherwise.  Errors: those of open_index(); index.no_plugin (with near names), index.no_version (with those that there are),
// index.expired.
base::Result<FoundRelease> find_release(const std::string& name, const std::string& range, Sources& sources,
                                        const security::TrustedKeys& keys, std::string_view day);

// A folder of this process's own; gone with all in it when the object goes.
class PrivateFolder {
 public:
  // Error: download.disk.
  static base::Result<PrivateFolder> make();
  PrivateFolder(PrivateFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  ~PrivateFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// A package that is here, for as long as the object is.
struct FetchedPackage {
  std::filesystem::path file;
  std::string source;  // where it came from, to be shown and kept
  std::optional<PrivateFolder> folder;
  std::optional<Download> download;
};

// The package of a release, of the first of its source's places that has it: of the size and SHA-256 that the index names. It is
// downloaded into the user's cache ($XDG_CACHE_HOME/weir/downloads), where a half stays to be gone on with, or into a folder of its own
// where there is none. Errors: index.other_package, those of download().
base::Result<FetchedPackage> fetch_package(const Release& release, const Source& source,
                                           const DownloadProgress& progress);

// The same of an address, of which nothing is known beforehand.
base::Result<FetchedPackage> fetch_address(const std::string& address, const Network& network,
                                           const DownloadProgress& progress);

}  // namespace weir::packages
