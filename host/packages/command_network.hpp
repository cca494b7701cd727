// What commands that ask servers have in common.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/package_actions.hpp"
#include "packages/download.hpp"
#include "packages/sources.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {

// Error: that of base::parse_duration_ns().
base::Result<Network> network_of(const cli::NetworkWords& words);

// Keeps the passwords of addresses out of what is told.
void hide_passwords(cli::Output& output, const Network& network, const std::vector<std::string>& places);

// "warning: …", a line each.
std::string warning_text(const std::vector<std::string>& warnings);

// Keep what was learned: which index was seen; who signed which plugin first, also in `keys`. Where that can't be written, in a home
// that is read-only, a command does what it can all the same, with a warning.
void remember(Sources& sources, std::vector<std::string>& warnings);
void remember_signers(const std::map<std::string, std::string>& signers, security::TrustedKeys& keys,
                      std::vector<std::string>& warnings);

// Tells on stderr that another process is waited for. `output` outlives it.
WhenWaiting waiting_line(cli::Output& output);

// What is told of a download: a line that moves on a terminal, and that another process is waited for. `what` is its name.
DownloadProgress download_line(cli::Output& output, const std::string& what);

}  // namespace weir::packages
