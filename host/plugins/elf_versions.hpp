// Versions of symbols in an ELF file: those that it needs of others, and those that it has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/elf_file.hpp"
#include "plugins/object_file.hpp"

namespace weir::plugins {

base::Result<std::vector<NeededVersion>> needed_versions(const ElfFile& file);
base::Result<std::vector<std::string>> defined_versions(const ElfFile& file);

// The highest of "GLIBC_2.9", "GLIBC_2.34", … without the prefix; empty: none is of numbers and dots.
std::string highest_version(const std::vector<NeededVersion>& versions, std::string_view prefix);

}  // namespace weir::plugins
