// weir plugin install, weir plugin remove, weir plugin verify
#include "cli/programs.hpp"
#include "packages/address.hpp"
#include "packages/command_network.hpp"
#include "packages/commands.hpp"
#include "packages/folder_packages.hpp"
#include "packages/installed.hpp"
#include "packages/releases.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using cli::InstallWords;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

ordered_json json_of_installed(const Installed& one) {
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

// A name is never taken for what happens to lie in this folder.
bool is_path(const std::string& what) {
  return what.find('/') != what.npos || what.ends_with(".weirpkg") || what == "." || what == "..";
}

class Installer {
 public:
  Installer(const InstallWords& words, Output& output, TrustedKeys keys)
      : words_(words), output_(output), keys_(keys), believed_(std::move(keys)), folder_(folder_of(words.folder)) {}

  base::Result<void> run() {
    if (is_address(words_.what)) return install_address();
    if (!is_path(words_.what)) return install_name();
    std::error_code ignored;
    if (fs::is_directory(words_.what, ignored)) return install_folder();
    return install(FetchedPackage{words_.what, {}, {}, {}}, keys_.policies().file, {});
  }

  // One plugin's answer, or the list of a folder's.
  ordered_json told() {
    if (listed_) return {{"plugins", std::move(told_)}};
    return told_.empty() ? ordered_json::object() : std::move(told_.front());
  }

 private:
  base::Result<void> install_address() {
    WEIR_TRY_ASSIGN(const Network network, network_of(words_.network));
    hide_passwords(output_, network, {words_.what});
    const std::string shown = shown_address(words_.what);
    WEIR_TRY_ASSIGN(const FetchedPackage package, fetch_address(words_.what, network, download_line(output_, shown)));
    return install(package, keys_.policies().index, {});
  }

  base::Result<Sources> sources() {
    WEIR_TRY_ASSIGN(Sources sources, Sources::read(Sources::file_of_user()));
    for (const auto& source : sources.all()) hide_passwords(output_, source.network, source.places);
    return sources;
  }

  base::Result<void> install_name() {
    WEIR_TRY_ASSIGN(Sources all, sources());
    const auto [name, range] = name_and_version(words_.what);
    auto found = find_release(name, range, all, believed_, today());
    remember(all, warnings_);
    std::error_code ignored;
    if (!found && found.error().code == "index.no_plugin" && fs::is_directory(words_.what, ignored))
      return base::unexpected(std::move(found).error().with_hint("a folder is written with a slash: ./" + words_.what));
    WEIR_TRY(found);
    return install_release(*found);
  }

  base::Result<void> install_folder() {
    listed_ = true;
    WEIR_TRY_ASSIGN(Sources all, sources());
    auto found = packages_of_folder(words_.what, all, believed_, today());
    remember(all, warnings_);
    WEIR_TRY(found);
    for (const FoundRelease& release : found->releases) WEIR_TRY(install_release(release));
    for (const fs::path& file : found->files)
      WEIR_TRY(install(FetchedPackage{file, {}, {}, {}}, keys_.policies().file, {}));
    return {};
  }

  // What an index has is checked against it, and its revocations hold. What is there already is not fetched.
  base::Result<void> install_release(const FoundRelease& found) {
    for (const Revocation& one : found.revoked) {
      if (believed_.find(one.key) != nullptr) WEIR_TRY(believed_.revoke(one.key, one.reason));
    }
    const PackageInfo& info = found.release.info;
    const SignaturePolicy kept = keys_.policies().index;
    WEIR_TRY_ASSIGN(const auto there, find_installed(folder_, info, believed_, policy(kept), today()));
    if (there) return done(*there, found.warnings);
    WEIR_TRY_ASSIGN(const FetchedPackage package,
                    fetch_package(found.release, found.source, download_line(output_, title(info))));
    return install(package, kept, found.warnings);
  }

  base::Result<void> install(const FetchedPackage& package, SignaturePolicy kept,
                             const std::vector<std::string>& warnings) {
    WEIR_TRY_ASSIGN(const InstallResult result, install_package({package.file,
                                                                 package.source,
                                                                 folder_,
                                                                 policy(kept),
                                                                 today(),
                                                                 cli::try_case_command(),
                                                                 {},
                                                                 waiting_line(output_)},
                                                                believed_));
    return done(result, warnings);
  }

  SignaturePolicy policy(SignaturePolicy kept) const { return security::policy_of(words_.signatures).value_or(kept); }

  // Binds the plugin to its signer, and tells.
  base::Result<void> done(const InstallResult& result, std::vector<std::string> warnings) {
    const Installed& one = result.installed;
    if (!one.signer.empty() && !keys_.bound().contains(one.head.info.name))
      remember_signers({{one.head.info.name, one.signer}}, keys_, warnings_);
    warnings.insert(warnings.end(), warnings_.begin(), warnings_.end());
    warnings_.clear();
    told_.push_back(json_of_installed(one));
    if (!result.warning.empty()) warnings.push_back(result.warning);
    if (!warnings.empty()) told_.back()["warnings"] = warnings;
    told_.back()["was_installed"] = result.was_there;
    const std::string what = result.was_there ? ": is installed already\n" : signer_text(keys_, one.signer) + "\n";
    output_.tell(warning_text(warnings) + title(one.head.info) + what + "  " + one.binary.string() + "\n");
    return {};
  }

  const InstallWords& words_;
  Output& output_;
  TrustedKeys keys_;      // the user's
  TrustedKeys believed_;  // with what an index has revoked
  fs::path folder_;
  std::vector<std::string> warnings_;  // to be told with the next plugin
  ordered_json told_ = ordered_json::array();
  bool listed_ = false;
};

}  // namespace

int install_command(const InstallWords& words, Output& output) {
  auto keys = TrustedKeys::read(TrustedKeys::file_of_user());
  if (!keys) return output.fail(keys.error());
  Installer installer(words, output, std::move(*keys));
  const auto installed = installer.run();
  if (!installed) return output.fail(installed.error(), installer.told());
  return output.succeed("", installer.told());
}

int remove_command(const InstallWords& words, Output& output) {
  const auto [name, version] = name_and_version(words.what);
  const auto removed = remove_installed(folder_of(words.folder), name, version, waiting_line(output));
  if (!removed) return output.fail(removed.error());
  std::string text;
  ordered_json list = ordered_json::array();
  for (const Installed& one : *removed) {
    text += title(one.head.info) + ": removed\n";
    list.push_back(json_of_installed(one));
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
        verify_installed(one, *keys, security::policy_of(words.signatures).value_or(SignaturePolicy::warn), today());
    list.push_back(json_of_installed(one));
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
