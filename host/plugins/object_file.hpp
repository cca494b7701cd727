// Object files: what the bytes of a shared object tell, whatever system it is for. A format (ELF, PE) is one unit that
// reads the file's tables; which one it is, the first bytes say. Nothing of the file runs, and nothing in it is believed:
// every offset, size and count is checked against the file before it is used. All of it may be called on an open file or
// on bytes in memory (FileBytes), as fuzz targets do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugins/file_bytes.hpp"

namespace weir::plugins {

// What the host wants to know before it takes a plugin: a few short reads.
struct ObjectFacts {
  std::string machine;              // "x86-64", "aarch64", "machine 243"; of a PE file "x86-64 (Windows)"
  std::string info;                 // the bytes of section `.weir`, without final zeros
  std::vector<std::string> needed;  // names of libraries
  std::string glibc;                // the highest version of the C library that it needs, "2.34"; empty: none
  bool go = false;                  // has Go's runtime
};

// A part of the file that is worth a digest: code, constants, data, what weir reads.
struct ObjectSection {
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256;  // empty: it has no bytes in the file
};

// A version that a library must have.
struct NeededVersion {
  std::string library, version;
};

// What a person wants to know, and whoever looks for libraries. Names are fit to be shown.
struct ObjectDetails {
  std::uint64_t bytes = 0;
  std::string sha256;
  std::vector<ObjectSection> sections;
  std::vector<std::string> needed;     // names of libraries
  std::vector<std::string> exported;   // names that others may bind to
  std::vector<std::string> undefined;  // names that others must have, but those that may be missing (weak)
  std::uint64_t unique = 0;            // of the exported: those that a whole process has once (STB_GNU_UNIQUE)
  std::vector<NeededVersion> versions;
  std::vector<std::string> defined_versions;  // that it has itself
  std::vector<std::string> rpath, runpath;    // folders as they are written, "$ORIGIN/../lib"
  bool no_default_folders = false;            // DF_1_NODEFLIB
  bool static_tls = false;                    // DF_STATIC_TLS
  int cpu_level = 0;                          // 1 to 4: needs a processor of x86-64-vN; 0: the file does not say
  std::string libstdcxx;                      // the highest GLIBCXX_… that it needs, "3.4.30"; empty: none
  std::string go_version;                     // "go1.19.8"; empty: not known, or no Go
};

// How the machine of a file for Windows ends.
inline constexpr const char* kForWindows = " (Windows)";

// Reads the facts of a plugin. Errors (fault missing), each with the file's name: plugin.not_elf (no shared object that is known
// here, or of another kind), plugin.damaged, plugin.no_section, plugin.bad_info (more than `max_info_bytes`).
base::Result<ObjectFacts> read_object(const FileBytes& bytes, std::uint64_t max_info_bytes);

// Reads the details of any shared object, a plugin or not. Errors: plugin.not_elf, plugin.damaged.
base::Result<ObjectDetails> read_details(const FileBytes& bytes);

// Libraries that the exported names show to be within the file, for others to bind to: "OpenSSL", "protobuf". Such a one
// and another copy in the same process may get into each other's way.
std::vector<std::string> visible_libraries(const std::vector<std::string>& exported);

}  // namespace weir::plugins
