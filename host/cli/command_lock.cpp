// weir install
#include "cli/package_actions.hpp"
#include "cli/usage.hpp"

namespace weir::cli {

void add_lock_options(CLI::App& command, LockWords& words) {
  command
      .add_option(
          "--to", words.folder,
          "the folder of plugins (default: the user's, ~/.local/share/weir/plugins; without a home .weir/plugins "
          "beside the manifest)")
      ->type_name("FOLDER");
  command
      .add_option(
          "--signatures", words.signatures,
          "require: only what a trusted key signed; warn: also what nobody known signed; off (default: as weir plugin "
          "trust policy says: warn for what is locked from a file without a signer, else require)")
      ->check(one_of({"require", "warn", "off"}));
}

void add_install(CLI::App& program, Action& action) {
  auto words = std::make_shared<LockWords>();
  CLI::App& command = *program.add_subcommand(
      "install",
      "installs the plugins that manifests name, in the versions of weir.lock beside them; writes it if need be");
  command.add_option("MANIFEST", words->manifests, "the manifests (default: all in this folder)");
  command.add_flag("--locked", words->locked, "takes what weir.lock says, and fails if it would have to be changed");
  command.add_option("--from", words->bundle, "installs from what weir plugin bundle has made, without any network")
      ->type_name("BUNDLE");
  add_lock_options(command, *words);
  command.callback([words, &action] { action = package_action(&PackageActions::install_locked, words); });
}

}  // namespace weir::cli
