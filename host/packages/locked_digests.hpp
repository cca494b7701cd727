// Digests of a package's binaries, as a lock has them.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "packages/package_info.hpp"

namespace weir::packages {

// Platform ("linux-x86-64-glibc") to the SHA-256 of the binary.
using Digests = std::map<std::string, std::string>;

Digests digests_of(const PackageInfo& info);

// Whether a package has the binaries that are locked, for each platform. `where`: for messages. Error: lock.other_release.
base::Result<void> check_digests(const PackageInfo& info, const std::string& where, const Digests& locked);

}  // namespace weir::packages
