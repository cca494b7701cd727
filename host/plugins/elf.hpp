// ELF, as plugins for Linux have it: little-endian, of 64 bits, of any machine.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "plugins/object_file.hpp"

namespace weir::plugins {

base::Result<ObjectFacts> read_elf(const FileBytes& bytes, std::uint64_t max_info_bytes);
base::Result<ObjectDetails> read_elf_details(const FileBytes& bytes);

// The same of an open regular file. `name` is for messages.
inline base::Result<ObjectFacts> read_elf(int descriptor, std::uint64_t file_bytes, const std::string& name,
                                          std::uint64_t max_info_bytes) {
  return read_elf(FileBytes(descriptor, file_bytes, name), max_info_bytes);
}

}  // namespace weir::plugins
