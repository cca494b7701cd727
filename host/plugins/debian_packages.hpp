// Which Debian package has a library.
#pragma once

#include <string>

namespace weir::plugins {

// What to do for a library that is not found, in a sentence: which package to install, or in which folder it is. Looks into a
// list of well-known libraries and asks dpkg and apt-file, if they are there, about what they know without the network; for some
// seconds at most. Threads: [any]; blocks.
std::string cure_for_library(const std::string& name);

// The package of a well-known library; empty: it is none.
std::string known_package(const std::string& name);

}  // namespace weir::plugins
