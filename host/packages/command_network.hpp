// What commands that ask servers have in common.
#pragma once

#include <string>
#include <vector>

#include "cli/package_actions.hpp"
#include "packages/download.hpp"

namespace weir::packages {

// Error: that of base::parse_duration_ns().
base::Result<Network> network_of(const cli::NetworkWords& words);

// Keeps the passwords of addresses out of what is told.
void hide_passwords(cli::Output& output, const Network& network, const std::vector<std::string>& places);

// "warning: …", a line each.
std::string warning_text(const std::vector<std::string>& warnings);

// What is told of a download: a line that moves on a terminal, else nothing. `what` is its name.
DownloadProgress download_line(const cli::Output& output, const std::string& what);

}  // namespace weir::packages
