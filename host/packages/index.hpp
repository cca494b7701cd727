// An index: a folder of static files that any web server or file share serves, from which plugins are installed by name.
//
//   index.json      what there is, signed; with a version that only grows, and a day on which it ends, so that neither an old one
//                   that is served again nor one that is never renewed goes unseen
//   index.json.sig  its signatures (security::signatures_text, kIndexType)
//   packages/*.weirpkg
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/package_info.hpp"
#include "security/signature.hpp"

namespace weir::packages {

inline constexpr std::string_view kIndexType = "application/vnd.weir.index+json";
inline constexpr std::size_t kMaxIndexBytes = 64U << 20U;
inline constexpr std::size_t kMaxIndexSignaturesBytes = 64U << 10U;

// One version of a plugin.
struct Release {
  PackageInfo info;     // as plugin.json has it, without files but binaries
  std::string package;  // below the index's folder: "packages/limit-0.1.0.weirpkg"
  std::uint64_t bytes = 0;
  std::string sha256;                // of the package
  std::vector<std::string> signers;  // fingerprints
  std::string yanked;                // why it is not to be installed any more; empty: it may be
};

struct Revocation {
  std::string key;  // a fingerprint
  std::string reason;
};

struct Index {
  std::uint64_t version = 0;
  std::string expires;            // a day, in UTC
  std::vector<Release> releases;  // by name, then version, the newest first
  std::vector<Revocation> revoked;
};

std::string index_text(const Index& index);
// Takes everything in it for hostile. `name`: for messages. Error: index.damaged.
base::Result<Index> parse_index(std::string_view text, const std::string& name);

struct BuildRequest {
  std::filesystem::path folder;  // packages/ is in it
  std::string expires;
  std::map<std::string, std::string> yank;  // "limit@0.1.0" to why; beside what is yanked already
  std::vector<Revocation> revoke;           // beside those that are revoked already
};

// Reads all packages of a folder and writes index.json and its signature anew, with the next version; what was yanked or revoked stays so.
// Errors: index.folder, index.same_version (two packages of one version), index.unknown (nothing of a name to yank), those of
// read_package() and of an index.json that is there.
base::Result<Index> build_index(const BuildRequest& request, const security::PrivateKey& key);

// Signs the index of a folder anew, with the next version and a later day: nothing else in it changes, packages are not read. Errors:
// index.folder, index.damaged, index.signature (it is not what `key` has signed), index.earlier (the day is no later one).
base::Result<Index> refresh_index(const std::filesystem::path& folder, const std::string& expires,
                                  const security::PrivateKey& key);

// An error of an index: one of a plugin that is missing.
base::Error index_error(const char* code, std::string message, std::string hint);

}  // namespace weir::packages
