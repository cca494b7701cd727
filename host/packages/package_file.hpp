// A package: one file, a tar compressed by zstd, NAME-VERSION.weirpkg. Its files in order: plugin.json (PackageInfo), plugin.json.sig
// if it is signed (security::signatures_text), and what plugin.json lists.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "base/result.hpp"
#include "packages/package_info.hpp"
#include "security/signature.hpp"

namespace weir::packages {

// What stands in front.
struct PackageHead {
  PackageInfo info;
  std::string info_text;  // plugin.json, byte by byte: what is signed
  std::vector<security::Signature> signatures;
};

// Gets each file's bytes, in pieces, and once no bytes at its end: then they were what plugin.json says. An error ends the reading.
using FileTaker = std::function<base::Result<void>(const PackagedFile& file, std::span<const std::uint8_t> bytes)>;

// The packages in a folder, in the order of their names.
std::vector<std::filesystem::path> package_files(const std::filesystem::path& folder, std::error_code& problem);

// Reads the head alone: nothing of what follows is looked at. Errors: package.unreadable, package.damaged, signature.damaged.
base::Result<PackageHead> read_head(const std::filesystem::path& path);

// Reads all of it: each file that is listed, in its order, of its size and digest, and no other. Nothing that `take` got may be used
// before this has succeeded. Errors: those of read_head() and `take`.
base::Result<PackageHead> read_package(const std::filesystem::path& path, const FileTaker& take);

// Where the bytes of a file of a package come from.
struct FileSource {
  std::string path;            // in the package
  std::filesystem::path file;  // on this machine; empty: `text` is it
  std::string text;
};

// Writes a package in the place of `path`, in one step; the same bytes from the same info, signatures and files. `sources` are those of
// info.files, in their order. Errors: package.unwritable, package.source (a file that can't be read, or is not what info says).
base::Result<void> write_package(const std::filesystem::path& path, const PackageHead& head,
                                 const std::vector<FileSource>& sources);

}  // namespace weir::packages
