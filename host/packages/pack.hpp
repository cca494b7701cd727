// Making a package of what was built.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "packages/package_file.hpp"

namespace weir::packages {

struct PackRequest {
  std::vector<std::filesystem::path> binaries;  // of one plugin and version, one a platform
  std::filesystem::path readme, license;
  std::filesystem::path
      bill;  // of materials, CycloneDX or SPDX in JSON; empty: one is made of the libraries that binaries need
};

// A package that is not written yet.
struct Packing {
  PackageHead head;
  std::vector<FileSource> sources;  // as write_package() wants them
};

// Reads what goes into a package. Errors: those of plugins::read_info(), package.binaries (they are not of one plugin, or two are for
// one platform), package.source.
base::Result<Packing> prepare_package(const PackRequest& request);

// "orders-1.2.0.weirpkg".
std::string package_name(const PackageInfo& info);

// Adds a signature to a package, in its place: another of the same key is replaced. Errors: those of read_package() and
// write_package().
base::Result<PackageHead> sign_package(const std::filesystem::path& path, const security::PrivateKey& key);

}  // namespace weir::packages
