// PackageInfo: what plugin.json says, the first file of a package. It names every other file with its size and SHA-256, so that a
// signature over it alone is one over the whole package.
//
//   {"weir_package": 1, "name": "orders", "version": "1.2.0", "license": "MIT", "summary": "…", "abi": "1.0", "needs_abi": "1.0",
//    "components": [{"name": "orders", "kind": "extractor", "summary": "…"}],
//    "files": [{"path": "linux-x86-64-glibc/orders.so", "platform": {"system": "linux", "machine": "x86-64", "libc": "glibc",
//               "libc_version": "2.34"}, "bytes": 123, "sha256": "…"},
//              {"path": "README.md", "bytes": 12, "sha256": "…"}]}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/version.hpp"
#include "plugins/info.hpp"

namespace weir::packages {

// The type that a signature over plugin.json is made with.
inline constexpr std::string_view kPackageType = "application/vnd.weir.plugin+json";
inline constexpr std::size_t kMaxInfoBytes = 4U << 20U;
inline constexpr std::uint64_t kMaxPackageBytes = 2ULL << 30U;  // of all files of a package, unpacked
inline constexpr std::size_t kMostFiles = 200;

// What a binary runs on.
struct Platform {
  std::string system = "linux";
  std::string machine;       // "x86-64"
  std::string libc;          // "glibc"; empty: any
  std::string libc_version;  // the lowest; empty: any

  // "linux-x86-64-glibc": the folder of its binary in a package. There is one a package.
  std::string folder() const;
  // "linux x86-64, glibc 2.34 or later".
  std::string text() const;
  bool operator==(const Platform&) const = default;
};

Platform platform_of(const plugins::PluginInfo& info);
// That of this host, with the version of its C library.
Platform host_platform();

struct PackagedFile {
  std::string path;  // with slashes; below the package's top, whatever else it may say
  std::uint64_t bytes = 0;
  std::string sha256;                // 64 hexadecimal digits, lower case
  std::optional<Platform> platform;  // of a plugin's binary
};

struct PackagedComponent {
  std::string name, kind, summary;
};

struct PackageInfo {
  std::string name;
  std::string version_text;
  base::Version version;
  std::string license;
  std::string summary;
  std::uint32_t abi = 0;
  std::uint32_t needs_abi = 0;
  std::vector<PackagedComponent> components;
  std::vector<PackagedFile> files;  // in the order of the package

  // The binary for a platform; null: there is none.
  const PackagedFile* binary_for(const Platform& platform) const;
};

// "orders 1.2.0".
std::string title(const PackageInfo& info);

// Whether this host's ABI and platform can run it.
bool is_for_host(const PackageInfo& info);

// The same bytes for the same info.
std::string package_info_text(const PackageInfo& info);
// Takes everything in it for hostile. `package`: for messages. Error: package.damaged.
base::Result<PackageInfo> parse_package_info(std::string_view text, const std::string& package);

// Whether a path may be a file of a package: at most 200 bytes of letters, digits, '.', '_', '+', '-' and '/', no part of which is
// empty or begins with a dot.
bool is_file_path(std::string_view path);

base::Error package_damaged(const std::string& package, const std::string& message);

}  // namespace weir::packages
