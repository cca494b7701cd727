// weir plugin prune, weir plugin audit, weir plugin bundle
#include "base/units.hpp"
#include "packages/audit.hpp"
#include "packages/bundle.hpp"
#include "packages/command_network.hpp"
#include "packages/commands.hpp"
#include "packages/old_halves.hpp"
#include "packages/prune.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

ordered_json json_of_pruned(const Installed& one) {
  return {{"name", one.head.info.name}, {"version", one.head.info.version_text}, {"file", one.binary.string()}};
}

// A lock that is named must be there; the one in this folder may be.
base::Result<std::vector<plugins::LockFile>> locks_of(const std::vector<std::string>& words) {
  std::vector<plugins::LockFile> locks;
  for (const std::string& word : words) {
    const fs::path path = fs::is_directory(word) ? plugins::lock_path(word) : fs::path(word);
    WEIR_TRY_ASSIGN(auto lock, plugins::read_lock(path));
    if (!lock) return base::unexpected(no_lock(path, "name a weir.lock, or the folder that it is in"));
    locks.push_back(std::move(*lock));
  }
  WEIR_TRY_ASSIGN(auto here, plugins::read_lock(plugins::lock_path(".")));
  if (here) locks.push_back(std::move(*here));
  return locks;
}

std::string text_of(const Superseded& one, bool dry) {
  const std::string newer = " (" + one.newest + " is newer)\n";
  if (!one.used_by.empty())
    return title(one.installed.head.info) + ": stays, it is loaded in process " + one.used_by + newer;
  return title(one.installed.head.info) + (dry ? ": would be removed" : ": removed") + newer;
}

base::Result<Offers> offers_of_user(const TrustedKeys& keys, Output& output) {
  WEIR_TRY_ASSIGN(Sources sources, Sources::read(Sources::file_of_user()));
  for (const Source& source : sources.all()) hide_passwords(output, source.network, source.places);
  Offers offers = Offers::of(sources, keys, today());
  std::vector<std::string> warnings;
  remember(sources, warnings);
  output.tell_aside(warning_text(warnings));
  return offers;
}

// Adds a finding to both answers.
void tell_finding(const base::Error& finding, std::string& text, ordered_json& list) {
  text += finding.message + "\n  hint: " + finding.hint + "\n";
  list.push_back({{"code", finding.code}, {"message", finding.message}, {"hint", finding.hint}});
}

}  // namespace

int prune_command(const cli::UpkeepWords& words, Output& output) {
  auto locks = locks_of(words.what);
  if (!locks) return output.fail(locks.error());
  const auto superseded = prune({folder_of(words.folder), std::move(*locks), words.dry, waiting_line(output)});
  if (!superseded) return output.fail(superseded.error());
  const auto halves = remove_old_halves(downloads_folder(), fs::file_time_type::clock::now(), words.dry);
  if (!halves) return output.fail(halves.error());
  std::string text;
  ordered_json list = ordered_json::array();
  for (const Superseded& one : *superseded) {
    text += text_of(one, words.dry);
    list.push_back(json_of_pruned(one.installed));
    list.back()["removed"] = one.used_by.empty() && !words.dry;
    if (!one.used_by.empty()) list.back()["used_by"] = one.used_by;
  }
  ordered_json downloads = ordered_json::array();
  for (const OldHalf& half : *halves) {
    text += half.file.string() + (words.dry ? ": would be removed" : ": removed") + " (a download that was cut " +
            std::to_string(half.days) + " days ago, " + base::format_bytes(half.bytes) + ")\n";
    downloads.push_back({{"file", half.file.string()}, {"bytes", half.bytes}, {"removed", !words.dry}});
  }
  return output.succeed(text.empty() ? "nothing to remove\n" : text,
                        {{"plugins", std::move(list)}, {"downloads", std::move(downloads)}});
}

int audit_command(const cli::UpkeepWords& words, Output& output) {
  const auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  const auto offers = offers_of_user(*keys, output);
  if (!offers) return output.fail(offers.error());
  std::vector<base::Error> damaged;
  const auto audited = audit(installed_in(folder_of(words.folder), damaged), *offers, *keys, today());
  std::string text;
  ordered_json list = ordered_json::array(), others = ordered_json::array(), not_asked = ordered_json::array();
  std::size_t found = damaged.size(), unverified = 0;
  for (const base::Error& error : offers->problems()) {
    text += "warning: " + error.message + "\n";
    not_asked.push_back(error.message);
  }
  for (const base::Error& error : damaged) tell_finding(error, text, others);
  for (const Audited& one : audited) {
    list.push_back(json_of_pruned(one.installed));
    list.back()["verified"] = one.verified;
    list.back()["findings"] = ordered_json::array();
    for (const base::Error& finding : one.findings) tell_finding(finding, text, list.back()["findings"]);
    found += one.findings.size();
    if (!one.verified && one.findings.empty()) ++unverified;
  }
  text += std::to_string(audited.size()) + " installed: " + std::to_string(found) + " found, " +
          std::to_string(unverified) + " not signed by a trusted key\n";
  return output.answer(
      found == 0, text,
      {{"plugins", std::move(list)}, {"damaged", std::move(others)}, {"not_asked", std::move(not_asked)}});
}

int bundle_command(const cli::UpkeepWords& words, Output& output) {
  const auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  const auto offers = offers_of_user(*keys, output);
  if (!offers) return output.fail(offers.error());
  const auto all = make_bundle(".", words.folder, *offers);
  if (!all) return output.fail(all.error());
  std::string text = words.folder + ": weir install --from it, where weir.lock is\n";
  ordered_json list = ordered_json::array();
  for (const Bundled& one : *all) {
    text += "  " + one.plugin + " " + one.version + "  " + one.package.filename().string() + "\n";
    list.push_back(
        {{"name", one.plugin}, {"version", one.version}, {"file", one.package.string()}, {"bytes", one.bytes}});
  }
  return output.succeed(text, {{"folder", words.folder}, {"plugins", std::move(list)}});
}

}  // namespace weir::packages
