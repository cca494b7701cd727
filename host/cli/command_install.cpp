// weir plugin install, weir plugin remove, weir plugin verify
#include "cli/package_actions.hpp"
#include "cli/usage.hpp"

namespace weir::cli {
namespace {

// `judged`: what is believed without a word; null: signatures are not looked at.
void add_words(CLI::App& command, InstallWords& words, const std::string* judged) {
  command.add_option("--to", words.folder, "the folder of plugins (default: the user's, ~/.local/share/weir/plugins)")
      ->type_name("FOLDER");
  if (judged == nullptr) return;
  command
      .add_option("--signatures", words.signatures,
                  "require: only what a trusted key signed; warn: also what nobody known signed; off (default: " +
                      *judged + ")")
      ->check(one_of({"require", "warn", "off"}));
}

}  // namespace

void add_plugin_install(CLI::App& plugin, Action& action) {
  static const std::string kByPolicy = "as weir plugin trust policy says: warn for a file, else require";
  static const std::string kWarn = "warn";
  auto words = std::make_shared<InstallWords>();
  CLI::App& install =
      *plugin.add_subcommand("install", "installs a plugin, once its package's digests and signature are right");
  install
      .add_option("PLUGIN", words->what,
                  "a package's file, or its address; a folder of packages, or of an index: all plugins of it; or a "
                  "plugin of an "
                  "index, NAME or NAME@RANGE")
      ->required();
  add_words(install, *words, &kByPolicy);
  add_network_words(install, words->network);
  install.callback([words, &action] { action = package_action(&PackageActions::install, words); });
  CLI::App& remove = *plugin.add_subcommand("remove", "removes what install has installed");
  remove.add_option("NAME", words->what, "the plugin, all its versions; or one: NAME@VERSION")->required();
  add_words(remove, *words, nullptr);
  remove.callback([words, &action] { action = package_action(&PackageActions::remove, words); });
  CLI::App& verify = *plugin.add_subcommand(
      "verify", "reads what is installed again: digests, and what is believed of signatures today");
  verify.add_option("NAME", words->what, "one plugin (default: all that install has installed)");
  add_words(verify, *words, &kWarn);
  verify.callback([words, &action] { action = package_action(&PackageActions::verify, words); });
}

}  // namespace weir::cli
