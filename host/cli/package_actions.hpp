// The commands that make, read and fetch packages. Their libraries are loaded for nothing else: the program weir-packages
// has these actions, and weir executes it with its own command line.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"

namespace weir::cli {

struct PackWords {
  std::vector<std::string> binaries;
  std::string readme = "README.md", license = "LICENSE", bill, to = ".";
};

struct SignWords {
  std::string package, key;
};

// How servers are reached.
struct NetworkWords {
  std::string proxy, authorities, timeout;
};

struct InstallWords {
  std::string what, folder, signatures;
  NetworkWords network;
};

struct IndexWords {
  std::string name, place, key, expires, yank, revoke, reason;
  std::vector<std::string> mirrors;
  NetworkWords network;
};

struct LockWords {
  std::vector<std::string> manifests;
  std::vector<std::string> names;  // of plugins
  std::string folder, signatures, bundle;
  bool locked = false;
};

struct UpkeepWords {
  std::vector<std::string> what;
  std::string folder;
  bool dry = false;
};

// Each gives the exit code.
struct PackageActions {
  int (*pack)(const PackWords& words, Output& output);
  int (*sign)(const SignWords& words, Output& output);
  int (*install)(const InstallWords& words, Output& output);
  int (*remove)(const InstallWords& words, Output& output);
  int (*verify)(const InstallWords& words, Output& output);
  int (*add_index)(const IndexWords& words, Output& output);
  int (*list_indexes)(const IndexWords& words, Output& output);
  int (*remove_index)(const IndexWords& words, Output& output);
  int (*build_index)(const IndexWords& words, Output& output);
  int (*refresh_index)(const IndexWords& words, Output& output);
  int (*verify_index)(const IndexWords& words, Output& output);
  int (*search)(const IndexWords& words, Output& output);
  int (*install_locked)(const LockWords& words, Output& output);
  int (*update)(const LockWords& words, Output& output);
  int (*prune)(const UpkeepWords& words, Output& output);
  int (*audit)(const UpkeepWords& words, Output& output);
  int (*bundle)(const UpkeepWords& words, Output& output);
};

// The options of commands that may ask a server.
void add_network_words(CLI::App& command, NetworkWords& words);

void add_install(CLI::App& program, Action& action);

void add_plugin_upkeep(CLI::App& plugin, Action& action);  // of weir plugin
// The options of weir install and weir plugin update.
void add_lock_options(CLI::App& command, LockWords& words);

// What this program does of them itself, for as long as it runs. Without it weir-packages is executed. [main]
void set_package_actions(const PackageActions& actions);

// The table, if this program has it; null: not. [main]
const PackageActions* package_actions();

// Executes weir-packages with this process's own command line, in its place; returns only on an error, told. [main]
int execute_packages_program(Output& output);

// Does one of them: package_action(&PackageActions::pack, words).
template <class Words>
Action package_action(int (*PackageActions::*which)(const Words&, Output&), std::shared_ptr<Words> words) {
  return [which, words = std::move(words)](Output& output) {
    const PackageActions* const actions = package_actions();
    return actions == nullptr ? execute_packages_program(output) : (actions->*which)(*words, output);
  };
}

}  // namespace weir::cli
