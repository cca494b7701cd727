// Needs: which libraries and symbols of others a plugin needs, and whether this machine has them. Looked for as the
// system's loader does, and nothing of them is run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugins/ld_cache.hpp"

namespace weir::plugins {

// Where the loader looks, behind what a file itself says (DT_RPATH, DT_RUNPATH).
struct LoaderRules {
  std::vector<std::filesystem::path> library_path;  // LD_LIBRARY_PATH
  LdCache cache;
  std::vector<std::filesystem::path> folders;  // the system's own
};

// Reads environment and /etc/ld.so.cache: [main].
LoaderRules system_rules();

struct NeededLibrary {
  std::string name;
  std::filesystem::path file;  // empty: not found
  std::string needed_by;       // the first that needs it: the name of a library, or the plugin's file
};

// A symbol, or a version of a library, that is not there.
struct MissingPart {
  std::string name, needed_by;
  std::string library;  // of a version: which has not got it
};

struct Needs {
  std::vector<NeededLibrary> libraries;  // those of the plugin first, then what they need
  std::vector<MissingPart> versions;     // "GLIBC_2.99", that the library which was found does not have
  std::vector<MissingPart> symbols;      // looked for only where all libraries were found

  std::vector<const NeededLibrary*> missing() const;
  bool met() const { return missing().empty() && versions.empty() && symbols.empty(); }
};

// Walks what `file`, a plugin that can be read, needs. What can't be read of a library is passed over. Bounded: at most
// 1,000 libraries. Threads: [any].
Needs find_needs(const std::filesystem::path& file, const LoaderRules& rules);

}  // namespace weir::plugins
