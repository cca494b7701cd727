// The program weir-packages: the commands of weir that make, read and fetch packages, and the one that posts notices: what takes libcurl.
#include "cli/program.hpp"
#include "cli/usage.hpp"
#include "packages/command_post.hpp"
#include "packages/commands.hpp"

namespace {

using weir::cli::Action;

constexpr weir::cli::PackageActions kActions{
    weir::packages::pack_command,           weir::packages::sign_command,         weir::packages::install_command,
    weir::packages::remove_command,         weir::packages::verify_command,       weir::packages::add_index_command,
    weir::packages::list_indexes_command,   weir::packages::remove_index_command, weir::packages::build_index_command,
    weir::packages::refresh_index_command,  weir::packages::verify_index_command, weir::packages::search_command,
    weir::packages::install_locked_command, weir::packages::update_command,       weir::packages::prune_command,
    weir::packages::audit_command,          weir::packages::bundle_command};

void add_commands(CLI::App& program, Action& action) {
  CLI::App& plugin = *program.add_subcommand("plugin", "handles plugins' packages");
  plugin.require_subcommand(1);
  weir::cli::add_plugin_install(plugin, action);
  weir::cli::add_plugin_package(plugin, action);
  weir::cli::add_plugin_index(plugin, action);
  weir::cli::add_plugin_upkeep(plugin, action);
  weir::cli::add_install(program, action);
  weir::packages::add_post(program, action);
}

int no_command(const CLI::App&, weir::cli::Output& output) {
  return output.fail(weir::base::make_error(weir::base::Status::invalid_argument, weir::base::Fault::manifest,
                                            "usage.command", "expected to be executed by weir, found no command")
                         .with_hint("weir plugin --help"));
}

}  // namespace

int main(int argc, char** argv) {
  weir::cli::set_package_actions(kActions);
  return weir::cli::run_program({add_commands, no_command}, argc, argv);
}
