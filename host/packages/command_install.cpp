// weir plugin install, weir plugin remove, weir plugin verify
#include "cli/programs.hpp"
#include "packages/address.hpp"
#include "packages/command_network.hpp"
#include "packages/commands.hpp"
#include "packages/installed.hpp"
#include "packages/releases.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using cli::InstallWords;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

ordered_json json_of(const Installed& one) {
  ordered_json object{{"name", one.head.info.name},
                      {"version", one.head.info.version_text},
                      {"file", one.binary.string()},
                      {"sha256", one.binary_sha256},
                      {"source", one.source}};
  if (!one.signer.empty()) object["signer"] = one.signer;
  return object;
}

// "name@1.2.0".
std::pair<std::string, std::string> name_and_version(const std::string& what) {
  const std::size_t at = what.find('@');
  return {what.substr(0, at), at == what.npos ? "" : what.substr(at + 1)};
}

bool is_file(const std::string& what) { return what.find('/') != what.npos || what.ends_with(".weirpkg"); }

int tell(const InstallResult& result, std::vector<std::string> warnings, const TrustedKeys& keys, Output& output) {
  const Installed& one = result.installed;
  ordered_json told = json_of(one);
  if (!result.warning.empty()) warnings.push_back(result.warning);
  if (!warnings.empty()) told["warnings"] = warnings;
  told["was_installed"] = result.was_there;
  const std::string what = result.was_there ? ": is installed already\n" : signer_text(keys, one.signer) + "\n";
  return output.succeed(warning_text(warnings) + title(one.head.info) + what + "  " + one.binary.string() + "\n", told);
}

// A package that is to be installed, and what was told of where it comes from.
struct Wanted {
  FetchedPackage package;
  SignaturePolicy policy = SignaturePolicy::require;
  std::vector<std::string> warnings;
};

// What a name stands for, in the indexes; checked against them. Their revocations hold for it.
base::Result<Wanted> of_index(const std::string& what, TrustedKeys& keys, Output& output) {
  WEIR_TRY_ASSIGN(Sources sources, Sources::read(Sources::file_of_user()));
  for (const auto& source : sources.all()) hide_passwords(output, source.network, source.places);
  const auto [name, range] = name_and_version(what);
  auto found = find_release(name, range, sources, keys, today());
  WEIR_TRY(sources.write());
  WEIR_TRY(found);
  const PackageInfo& info = found->release.info;
  WEIR_TRY_ASSIGN(FetchedPackage package,
                  fetch_package(found->release, found->source, download_line(output, title(info))));
  for (const Revocation& one : found->revoked) {
    if (keys.find(one.key) != nullptr) WEIR_TRY(keys.revoke(one.key, one.reason));
  }
  return Wanted{std::move(package), SignaturePolicy::require, std::move(found->warnings)};
}

base::Result<Wanted> of_address(const InstallWords& words, Output& output) {
  WEIR_TRY_ASSIGN(const Network network, network_of(words.network));
  hide_passwords(output, network, {words.what});
  const std::string shown = shown_address(words.what);
  WEIR_TRY_ASSIGN(FetchedPackage package, fetch_address(words.what, network, download_line(output, shown)));
  return Wanted{std::move(package), SignaturePolicy::require, {}};
}

base::Result<Wanted> wanted(const InstallWords& words, TrustedKeys& keys, Output& output) {
  if (is_address(words.what)) return of_address(words, output);
  if (!is_file(words.what)) return of_index(words.what, keys, output);
  return Wanted{{words.what, {}, {}, {}}, SignaturePolicy::warn, {}};
}

}  // namespace

int install_command(const InstallWords& words, Output& output) {
  auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  TrustedKeys with_revocations = *keys;
  const auto package = wanted(words, with_revocations, output);
  if (!package) return output.fail(package.error());
  const SignaturePolicy policy = policy_of(words.signatures).value_or(package->policy);
  const auto result = install_package({package->package.file, package->package.source, folder_of(words.folder), policy,
                                       today(), cli::try_case_command()},
                                      with_revocations);
  if (!result) return output.fail(result.error());
  const Installed& one = result->installed;
  if (!one.signer.empty() && !keys->bound().contains(one.head.info.name)) {
    keys->bind(one.head.info.name, one.signer);
    if (const auto written = keys->write(); !written) return output.fail(written.error());
  }
  return tell(*result, package->warnings, *keys, output);
}

int remove_command(const InstallWords& words, Output& output) {
  const auto [name, version] = name_and_version(words.what);
  const auto removed = remove_installed(folder_of(words.folder), name, version);
  if (!removed) return output.fail(removed.error());
  std::string text;
  ordered_json list = ordered_json::array();
  for (const Installed& one : *removed) {
    text += title(one.head.info) + ": removed\n";
    list.push_back(json_of(one));
  }
  return output.succeed(text, {{"removed", std::move(list)}});
}

int verify_command(const InstallWords& words, Output& output) {
  const auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  std::vector<base::Error> wrong;
  const auto all = installed_in(folder_of(words.folder), wrong);
  const auto [name, version] = name_and_version(words.what);
  std::string text;
  ordered_json list = ordered_json::array();
  for (const Installed& one : all) {
    if (!name.empty() && (one.head.info.name != name || (!version.empty() && one.head.info.version_text != version)))
      continue;
    const auto verdict =
        verify_installed(one, *keys, policy_of(words.signatures).value_or(SignaturePolicy::warn), today());
    list.push_back(json_of(one));
    list.back()["verified"] = verdict.has_value();
    if (!verdict) {
      wrong.push_back(verdict.error());
      continue;
    }
    text += title(one.head.info) + signer_text(*keys, verdict->signer) + "\n";
    if (!verdict->warning.empty()) text += "  warning: " + verdict->warning + "\n";
  }
  if (!wrong.empty()) {
    base::Error first = std::move(wrong.front());
    for (std::size_t i = 1; i < wrong.size(); ++i) first.also.push_back(std::move(wrong[i]));
    return output.fail(first);
  }
  if (list.empty()) text = "nothing was installed by weir in " + folder_of(words.folder).string() + "\n";
  return output.succeed(text, {{"plugins", std::move(list)}});
}

}  // namespace weir::packages
