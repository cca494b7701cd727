// weir plugin index add, list, remove, build; weir plugin search
#include "cli/signing.hpp"
#include "packages/commands.hpp"
#include "packages/installed.hpp"
#include "packages/sources.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using cli::IndexWords;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

base::Result<Sources> sources() { return Sources::read(Sources::file_of_user()); }

ordered_json json_of(const Source& source) {
  return {{"name", source.name}, {"place", source.place.string()}, {"key", source.key}, {"seen", source.seen}};
}

}  // namespace

// Adds an index, once it could be opened: its key becomes trusted for it, by the file that is given.
int add_index_command(const IndexWords& words, Output& output) {
  auto all = sources();
  if (!all) return output.fail(all.error());
  auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  const auto key = security::read_key(words.key);
  if (!key) return output.fail(key.error());
  if (const auto added = keys->add(*key); !added) return output.fail(added.error());
  Source source{words.name, fs::absolute(words.place).lexically_normal(), key->key.fingerprint(), 0};
  const auto opened = open_index(source, *keys, today());
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

int list_indexes_command(const IndexWords&, Output& output) {
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

int remove_index_command(const IndexWords& words, Output& output) {
  auto all = sources();
  if (!all) return output.fail(all.error());
  const auto removed = all->remove(words.name);
  if (!removed) return output.fail(removed.error());
  if (const auto written = all->write(); !written) return output.fail(written.error());
  return output.succeed("removed: " + removed->name + "  " + removed->place.string() + "\n", json_of(*removed));
}

int build_index_command(const IndexWords& words, Output& output) {
  const auto key = security::PrivateKey::read(words.key, cli::key_passphrase());
  if (!key) return output.fail(key.error());
  BuildRequest request{words.place, words.expires, {}, {}};
  if (!words.yank.empty()) request.yank[words.yank] = words.reason;
  if (!words.revoke.empty()) request.revoke.push_back({words.revoke, words.reason});
  const auto index = build_index(request, *key);
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
    const auto opened = open_index(source, *keys, today());
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

}  // namespace weir::packages
