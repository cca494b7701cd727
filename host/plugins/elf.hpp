// ElfFacts: what the host wants to know of an ELF file before it loads it. Little-endian ELF64 of any machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace weir::plugins {

struct ElfFacts {
  std::string machine;              // "x86-64", "aarch64", "machine 243"
  std::string info;                 // the bytes of section `.weir`, without final zeros
  std::vector<std::string> needed;  // DT_NEEDED
  std::string glibc;                // highest GLIBC_x.y of .gnu.version_r, "2.34"; empty: none
  bool go = false;                  // has Go's runtime
};

// Reads them with pread() in bounded pieces: every offset, size and count is checked against the file's size before it
// is used. Errors as read_info() says. `name` is for messages. Precondition: `descriptor` is an open regular file.
base::Result<ElfFacts> read_elf(int descriptor, std::uint64_t file_bytes, const std::string& name,
                                std::uint64_t max_info_bytes);

}  // namespace weir::plugins
