// weir plugin index add, list, remove, build; weir plugin search
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/signing.hpp"
#include "packages/installed.hpp"
#include "packages/sources.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using packages::Source;
using packages::Sources;
using security::TrustedKeys;

struct IndexWords {
  std::string name, place, key, expires, yank, revoke, reason;
};

base::Result<Sources> sources() { return Sources::read(Sources::file_of_user()); }

ordered_json json_of(const Source& source) {
  return {{"name", source.name}, {"place", source.place.string()}, {"key", source.key}, {"seen", source.seen}};
}

// Adds an index, once it could be opened: its key becomes trusted for it, by the file that is given.
int add_command(const IndexWords& words, Output& output) {
  auto all = sources();
  if (!all) return output.fail(all.error());
  auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  const auto key = security::read_key(words.key);
  if (!key) return output.fail(key.error());
  if (const auto added = keys->add(*key); !added) return output.fail(added.error());
  Source source{words.name, fs::absolute(words.place).lexically_normal(), key->key.fingerprint(), 0};
  const auto opened = packages::open_index(source, *keys, packages::today());
  if (!opened) return output.fail(opened.error());
  auto done = all->add(source);
  if (done) done = keys->write();
  if (done) done = all->write();
  if (!done) return output.fail(done.error());
  return output.succeed(source.name + ": " + std::to_string(opened->index.releases.size()) + " packages, version " +
                            std::to_string(opened->index.version) + ", valid before " + opened->index.expires +
                            "; signed by '" + key->name + "' (" + source.key + ")\n",
                        json_of(source));
}

int list_command(Output& output) {
  const auto all = sources();
  if (!all) return output.fail(all.error());
  std::string text;
  ordered_json list = ordered_json::array();
  for (const Source& source : all->all()) {
    text += source.name + "  " + source.place.string() + "  signed by " + source.key + "\n";
    list.push_back(json_of(source));
  }
  if (text.empty()) text = "no index: weir plugin index add NAME FOLDER --key FILE.pub\n";
  return output.succeed(text, {{"indexes", std::move(list)}});
}

int remove_command(const IndexWords& words, Output& output) {
  auto all = sources();
  if (!all) return output.fail(all.error());
  const auto removed = all->remove(words.name);
  if (!removed) return output.fail(removed.error());
  if (const auto written = all->write(); !written) return output.fail(written.error());
  return output.succeed("removed: " + removed->name + "  " + removed->place.string() + "\n", json_of(*removed));
}

int build_command(const IndexWords& words, Output& output) {
  const auto key = security::PrivateKey::read(words.key, key_passphrase());
  if (!key) return output.fail(key.error());
  packages::BuildRequest request{words.place, words.expires, {}, {}};
  if (!words.yank.empty()) request.yank[words.yank] = words.reason;
  if (!words.revoke.empty()) request.revoke.push_back({words.revoke, words.reason});
  const auto index = packages::build_index(request, *key);
  if (!index) return output.fail(index.error());
  std::string text;
  for (const auto& release : index->releases) {
    text += "  " + release.info.name + " " + release.info.version_text +
            (release.signers.empty() ? "  not signed" : "") +
            (release.yanked.empty() ? "" : "  yanked: " + release.yanked) + "\n";
  }
  return output.succeed(
      "index.json  version " + std::to_string(index->version) + ", valid before " + index->expires + "\n" + text,
      {{"version", index->version}, {"expires", index->expires}, {"packages", index->releases.size()}});
}

int search_command(const IndexWords& words, Output& output) {
  auto all = sources();
  if (!all) return output.fail(all.error());
  const auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  std::string text, warnings;
  ordered_json list = ordered_json::array();
  for (Source& source : all->all()) {
    const auto opened = packages::open_index(source, *keys, packages::today());
    if (!opened) {
      warnings += "warning: " + opened.error().message + "\n";
      continue;
    }
    const std::string* last = nullptr;
    for (const auto& release : opened->index.releases) {
      const bool fits = words.name.empty() || release.info.name.find(words.name) != std::string::npos ||
                        release.info.summary.find(words.name) != std::string::npos;
      if (!fits || !release.yanked.empty() || (last != nullptr && *last == release.info.name)) continue;
      last = &release.info.name;
      text += release.info.name + "  " + release.info.version_text + "  " + release.info.summary + "\n";
      list.push_back({{"name", release.info.name},
                      {"version", release.info.version_text},
                      {"summary", release.info.summary},
                      {"index", source.name}});
    }
  }
  if (const auto written = all->all().empty() ? base::Result<void>() : all->write(); !written)
    return output.fail(written.error());
  if (text.empty()) text = "nothing found\n";
  return output.succeed(warnings + text, {{"plugins", std::move(list)}});
}

void add_build(CLI::App& index, Action& action) {
  auto words = std::make_shared<IndexWords>();
  CLI::App& build = *index.add_subcommand(
      "build", "signs an index of the packages in FOLDER/packages, for any web server or file share");
  build.add_option("FOLDER", words->place, "the index's folder")->required();
  build.add_option("--key", words->key, "the private key that signs it")->required()->type_name("FILE");
  build
      .add_option("--expires", words->expires, "the first day on which it is not valid any more: build it anew before")
      ->required()
      ->type_name("YYYY-MM-DD")
      ->check(a_day());
  CLI::Option* const reason = build.add_option("--reason", words->reason, "why, for --yank or --revoke");
  build.add_option("--yank", words->yank, "a version that is not to be installed any more")
      ->type_name("NAME@VERSION")
      ->needs(reason);
  build.add_option("--revoke", words->revoke, "the fingerprint of a key of which nothing is to be believed any more")
      ->type_name("KEY")
      ->needs(reason);
  build.callback([words, &action] { action = [words](Output& output) { return build_command(*words, output); }; });
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
  add.add_option("FOLDER", words->place, "where it is")->required();
  add.add_option("--key", words->key, "the public key of who signs it, NAME.pub")->required()->type_name("FILE");
  add.callback([words, &action] { action = [words](Output& output) { return add_command(*words, output); }; });
  index.add_subcommand("list", "lists the indexes that plugins are installed from")->callback([&action] {
    action = list_command;
  });
  CLI::App& remove = *index.add_subcommand("remove", "forgets an index; what was installed from it stays");
  remove.add_option("NAME", words->name, "what it is called here")->required();
  remove.callback([words, &action] { action = [words](Output& output) { return remove_command(*words, output); }; });
  add_build(index, action);

  auto wanted = std::make_shared<IndexWords>();
  CLI::App& search = *plugin.add_subcommand("search", "looks through the indexes");
  search.add_option("WORD", wanted->name, "a part of a name or summary (default: all there is)");
  search.callback([wanted, &action] { action = [wanted](Output& output) { return search_command(*wanted, output); }; });
}

}  // namespace weir::cli
