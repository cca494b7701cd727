// A bundle: a folder with the packages of all plugins that a lock names, and that lock, for machines without a network:
//
//   weir.lock
//   packages/NAME-VERSION.weirpkg
//
// It needs no signature of its own: the lock has the digest of each binary, and each package its author's signature.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "packages/offers.hpp"

namespace weir::packages {

struct Bundled {
  std::string plugin, version;
  std::filesystem::path package;  // in the bundle
  std::uint64_t bytes = 0;
};

// The error of a lock that must be there and is not: bundle.no_lock.
base::Error no_lock(const std::filesystem::path& path, std::string hint);

// Makes one of the lock in a folder; what of it is there already is written anew. Every package is read: its digests must be those of
// the lock. Errors: bundle.no_lock, bundle.folder (it can't be written), lock.nowhere, lock.other_release; those of read_package() and
// fetch_package().
base::Result<std::vector<Bundled>> make_bundle(const std::filesystem::path& folder, const std::filesystem::path& to,
                                               const Offers& offers);

}  // namespace weir::packages
