// weir plugin update, weir plugin prune, weir plugin audit, weir plugin bundle
#include "cli/package_actions.hpp"
#include "cli/usage.hpp"

namespace weir::cli {
namespace {

void add_folder(CLI::App& command, UpkeepWords& words) {
  command.add_option("--to", words.folder, "the folder of plugins (default: the user's, ~/.local/share/weir/plugins)")
      ->type_name("FOLDER");
}

void add_update(CLI::App& plugin, Action& action) {
  auto words = std::make_shared<LockWords>();
  CLI::App& update = *plugin.add_subcommand(
      "update", "takes the newest versions: beside a weir.lock those that its manifests can use, and locks them");
  update.add_option("NAME", words->names, "these plugins (default: all that are locked, or installed)");
  add_lock_options(update, *words);
  update.callback([words, &action] { action = package_action(&PackageActions::update, words); });
}

}  // namespace

void add_plugin_upkeep(CLI::App& plugin, Action& action) {
  add_update(plugin, action);
  auto words = std::make_shared<UpkeepWords>();
  CLI::App& prune = *plugin.add_subcommand(
      "prune",
      "removes versions that install has installed, but the newest of each plugin, those of locks, and what is loaded; "
      "and halves of downloads that are older than a week");
  prune.add_option("LOCK", words->what,
                   "weir.lock files whose versions stay, or their folders; beside the one in this folder");
  prune.add_flag("--dry-run", words->dry, "removes nothing: tells what would be");
  add_folder(prune, *words);
  prune.callback([words, &action] { action = package_action(&PackageActions::prune, words); });
  CLI::App& audit = *plugin.add_subcommand("audit",
                                           "looks for what a revoked or expired key has signed, or was yanked, among "
                                           "what is installed; exit 1 if there is any");
  add_folder(audit, *words);
  audit.callback([words, &action] { action = package_action(&PackageActions::audit, words); });
  CLI::App& bundle = *plugin.add_subcommand(
      "bundle",
      "packs all that the weir.lock in this folder names, for weir install --from on machines without a network");
  bundle.add_option("BUNDLE", words->folder, "the folder that it is put into")->required();
  bundle.callback([words, &action] { action = package_action(&PackageActions::bundle, words); });
}

}  // namespace weir::cli
