// weir plugin index add, list, remove, build, refresh, verify; weir plugin search
#include "cli/package_actions.hpp"
#include "cli/signing.hpp"

namespace weir::cli {
namespace {

void add_signing(CLI::App& command, IndexWords& words) {
  command.add_option("FOLDER", words.place, "the index's folder")->required();
  command.add_option("--key", words.key, "the private key that signs it")->required()->type_name("FILE");
  command.add_option("--expires", words.expires, "the first day on which it is not valid any more: renew it before")
      ->required()
      ->type_name("YYYY-MM-DD")
      ->check(a_day());
}

void add_build(CLI::App& index, Action& action) {
  auto words = std::make_shared<IndexWords>();
  CLI::App& build = *index.add_subcommand(
      "build", "signs an index of the packages in FOLDER/packages, for any web server or file share");
  add_signing(build, *words);
  CLI::Option* const reason = build.add_option("--reason", words->reason, "why, for --yank or --revoke");
  build.add_option("--yank", words->yank, "a version that is not to be installed any more")
      ->type_name("NAME@VERSION")
      ->needs(reason);
  build.add_option("--revoke", words->revoke, "the fingerprint of a key of which nothing is to be believed any more")
      ->type_name("KEY")
      ->needs(reason);
  build.callback([words, &action] { action = package_action(&PackageActions::build_index, words); });
}

void add_index_refresh(CLI::App& index, Action& action) {
  auto words = std::make_shared<IndexWords>();
  CLI::App& refresh =
      *index.add_subcommand("refresh", "signs an index anew, with a later day: nothing else in it changes");
  add_signing(refresh, *words);
  refresh.callback([words, &action] { action = package_action(&PackageActions::refresh_index, words); });
}

void add_index_verify(CLI::App& index, Action& action) {
  auto words = std::make_shared<IndexWords>();
  CLI::App& verify = *index.add_subcommand(
      "verify", "reads an index as its users will: its signature and its day, and every package's size and SHA-256");
  verify.add_option("PLACE", words->place, "where it is: a folder, or an address")->required();
  verify.add_option("--key", words->key, "the public key of who signs it (default: any that is trusted)")
      ->type_name("FILE");
  add_network_words(verify, words->network);
  verify.callback([words, &action] { action = package_action(&PackageActions::verify_index, words); });
}

}  // namespace

void add_plugin_index(CLI::App& plugin, Action& action) {
  CLI::App& index =
      *plugin.add_subcommand("index", "says where plugins are installed from by name; makes such an index");
  index.require_subcommand(1);
  auto words = std::make_shared<IndexWords>();
  CLI::App& add =
      *index.add_subcommand("add", "adds an index, and trusts the key that signs it; compare its fingerprint first");
  add.add_option("NAME", words->name, "what it is called here")->required();
  add.add_option("PLACE", words->place, "where it is: a folder, or an address such as https://plugins.example")
      ->required();
  add.add_option("--key", words->key, "the public key of who signs it, NAME.pub")->required()->type_name("FILE");
  add.add_option("--mirror", words->mirrors,
                 "another place of the same index, asked when those before have none that is right")
      ->type_name("PLACE");
  add_network_words(add, words->network);
  add.callback([words, &action] { action = package_action(&PackageActions::add_index, words); });
  index.add_subcommand("list", "lists the indexes that plugins are installed from")->callback([words, &action] {
    action = package_action(&PackageActions::list_indexes, words);
  });
  CLI::App& remove = *index.add_subcommand("remove", "forgets an index; what was installed from it stays");
  remove.add_option("NAME", words->name, "what it is called here")->required();
  remove.callback([words, &action] { action = package_action(&PackageActions::remove_index, words); });
  add_build(index, action);
  add_index_refresh(index, action);
  add_index_verify(index, action);

  auto wanted = std::make_shared<IndexWords>();
  CLI::App& search = *plugin.add_subcommand("search", "looks through the indexes");
  search.add_option("WORD", wanted->name, "a part of a name or summary (default: all there is)");
  search.callback([wanted, &action] { action = package_action(&PackageActions::search, wanted); });
}

}  // namespace weir::cli
