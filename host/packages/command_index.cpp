// weir plugin index add, list, remove; weir plugin search
#include "packages/command_network.hpp"
#include "packages/commands.hpp"
#include "packages/index_reading.hpp"
#include "packages/installed.hpp"

namespace weir::packages {
namespace {

using cli::IndexWords;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

base::Result<Sources> sources(Output& output) {
  WEIR_TRY_ASSIGN(Sources all, Sources::read(Sources::file_of_user()));
  for (const Source& source : all.all()) hide_passwords(output, source.network, source.places);
  return all;
}

ordered_json json_of_shown(const Source& source) {
  return {{"name", source.name}, {"place", source.shown()}, {"key", source.key}, {"seen", source.seen}};
}

base::Result<Source> source_of_words(const IndexWords& words, Output& output) {
  Source source;
  source.name = words.name;
  WEIR_TRY_ASSIGN(source.network, network_of(words.network));
  hide_passwords(output, source.network, words.mirrors);
  hide_passwords(output, source.network, {words.place});
  WEIR_TRY_ASSIGN(std::string place, place_of(words.place));
  source.places.push_back(std::move(place));
  for (const std::string& mirror : words.mirrors) {
    WEIR_TRY_ASSIGN(place, place_of(mirror));
    source.places.push_back(std::move(place));
  }
  return source;
}

}  // namespace

// Adds an index, once it could be opened: its key becomes trusted for it, by the file that is given.
int add_index_command(const IndexWords& words, Output& output) {
  auto all = sources(output);
  if (!all) return output.fail(all.error());
  auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  const auto key = security::read_key(words.key);
  if (!key) return output.fail(key.error());
  if (const auto added = keys->add(*key); !added) return output.fail(added.error());
  auto source = source_of_words(words, output);
  if (!source) return output.fail(source.error());
  source->key = key->key.fingerprint();
  const auto opened = open_index(*source, *keys, today());
  if (!opened) return output.fail(opened.error());
  const auto keep = [&]() -> base::Result<void> {
    WEIR_TRY(all->add(*source));  // before the key is
    WEIR_TRY(TrustedKeys::change(TrustedKeys::file_of_user(), [&key](TrustedKeys& kept) { return kept.add(*key); }));
    return Sources::change(Sources::file_of_user(), [&source](Sources& kept) { return kept.add(*source); });
  };
  if (const auto kept = keep(); !kept) return output.fail(kept.error());
  return output.succeed(words.name + ": " + std::to_string(opened->index.releases.size()) + " packages, version " +
                            std::to_string(opened->index.version) + ", valid before " + opened->index.expires +
                            "; signed by '" + key->name + "' (" + source->key + ")\n",
                        json_of_shown(*source));
}

int list_indexes_command(const IndexWords&, Output& output) {
  const auto all = sources(output);
  if (!all) return output.fail(all.error());
  std::string text;
  ordered_json list = ordered_json::array();
  for (const Source& source : all->all()) {
    text += source.name + "  " + source.shown() + "  signed by " + source.key + "\n";
    list.push_back(json_of_shown(source));
  }
  if (text.empty()) text = "no index: weir plugin index add NAME PLACE --key FILE.pub\n";
  return output.succeed(text, {{"indexes", std::move(list)}});
}

int remove_index_command(const IndexWords& words, Output& output) {
  if (const auto all = sources(output); !all) return output.fail(all.error());
  Source removed;
  const auto done = Sources::change(Sources::file_of_user(), [&](Sources& all) -> base::Result<void> {
    WEIR_TRY_ASSIGN(removed, all.remove(words.name));
    return {};
  });
  if (!done) return output.fail(done.error());
  return output.succeed("removed: " + removed.name + "  " + removed.shown() + "\n", json_of_shown(removed));
}

int search_command(const IndexWords& words, Output& output) {
  auto all = sources(output);
  if (!all) return output.fail(all.error());
  const auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  std::string text;
  std::vector<std::string> warnings;
  ordered_json list = ordered_json::array();
  for (Source& source : all->all()) {
    const auto opened = open_index(source, *keys, today());
    if (!opened) {
      warnings.push_back(opened.error().message);
      continue;
    }
    if (!opened->warning.empty()) warnings.push_back(opened->warning);
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
  remember(*all, warnings);
  if (text.empty()) text = "nothing found\n";
  return output.succeed(warning_text(warnings) + text, {{"plugins", std::move(list)}, {"warnings", warnings}});
}

}  // namespace weir::packages
