// Network: how servers are reached, as `network:` of a manifest says.
#pragma once

#include <filesystem>
#include <string>

#include "manifest/fields.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

struct Network {
  std::string proxy;                  // "http://proxy.example:3128"; empty: as the environment says
  std::filesystem::path authorities;  // a file of certificates that are believed; absolute; empty: the system's
  Where where;
};

// Reads it; adds all errors. `folder`: what relative paths start from, where the file that they are written in has no folder of its own.
Network read_network(const Node& node, const std::filesystem::path& folder, Errors& errors);

}  // namespace weir::manifest
