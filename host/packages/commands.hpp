// The commands of the program weir-packages, one a function; see cli/package_actions.hpp. Each gives the exit code. [main]
#pragma once

#include "cli/package_actions.hpp"

namespace weir::packages {

int pack_command(const cli::PackWords& words, cli::Output& output);
int sign_command(const cli::SignWords& words, cli::Output& output);
int install_command(const cli::InstallWords& words, cli::Output& output);
int remove_command(const cli::InstallWords& words, cli::Output& output);
int verify_command(const cli::InstallWords& words, cli::Output& output);
int add_index_command(const cli::IndexWords& words, cli::Output& output);
int list_indexes_command(const cli::IndexWords& words, cli::Output& output);
int remove_index_command(const cli::IndexWords& words, cli::Output& output);
int build_index_command(const cli::IndexWords& words, cli::Output& output);
int refresh_index_command(const cli::IndexWords& words, cli::Output& output);
int verify_index_command(const cli::IndexWords& words, cli::Output& output);
int search_command(const cli::IndexWords& words, cli::Output& output);
int install_locked_command(const cli::LockWords& words, cli::Output& output);
int update_command(const cli::LockWords& words, cli::Output& output);
int prune_command(const cli::UpkeepWords& words, cli::Output& output);
int audit_command(const cli::UpkeepWords& words, cli::Output& output);
int bundle_command(const cli::UpkeepWords& words, cli::Output& output);

}  // namespace weir::packages
