// Installed plugins: in a folder, several versions side by side, each a binary NAME-VERSION.so and beside it NAME-VERSION.json, which
// says where it came from and who signed it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "packages/locked_digests.hpp"
#include "packages/signer.hpp"
#include "packages/waiting_lock.hpp"

namespace weir::packages {

// What was known when it was installed.
struct Installed {
  PackageHead head;           // of the package that it came in
  std::string source;         // that package: a path or an address
  std::string binary_sha256;  // of the binary
  std::string signer;         // fingerprint; empty: nobody who was believed
  std::filesystem::path binary;
};

struct InstallRequest {
  std::filesystem::path package;
  std::string source;            // where it came from, as it is kept; empty: the package's path
  std::filesystem::path folder;  // where it goes; made if it is not there
  SignaturePolicy policy = SignaturePolicy::warn;
  std::string day;                       // today
  std::vector<std::string> try_command;  // as conformance::KitSettings::command; empty: it is not tried
  Digests digests;                       // of its binaries, as they are locked; empty: they are not
  WhenWaiting waiting;                   // told while another process installs into the folder
};

struct InstallResult {
  Installed installed;
  std::string warning;     // of the signature
  bool was_there = false;  // the same bytes were installed already: nothing was done
  std::size_t cases = 0;   // of the conformance kit that it passed
};

// Installs what a package has for this machine. Nothing of it runs before digests and signature are right and `keys` believe it; then
// one case of the conformance kit for each component, in children. In place in one step; a running host keeps the file that it has.
// Binds the plugin's name to its signer in `keys`, which the caller writes. Errors: those of read_package() and judge_signer();
// package.no_platform, package.wrong_abi (nothing for this machine), package.other_bytes (that version is installed with others),
// package.not_conforming, package.folder (it can't be written); those of check_digests(). Threads: one caller at a time; other processes wait.
base::Result<InstallResult> install_package(const InstallRequest& request, security::TrustedKeys& keys);

// What install_package() would give if a release is installed in a folder already, its binary with the digest that `info` names: then
// nothing of it needs to be fetched. Nothing: it is not, or its binary was changed. Errors: those of judge_signer().
base::Result<std::optional<InstallResult>> find_installed(const std::filesystem::path& folder, const PackageInfo& info,
                                                          const security::TrustedKeys& keys, SignaturePolicy policy,
                                                          std::string_view day);

// The folder of plugins that a command was given; none: the user's, empty if there is no home. [main]
std::filesystem::path folder_of(const std::string& word);

// The day that it is, in UTC.
std::string today();

// What is installed in a folder, by name, the newest version first; files that weir did not install are not among it. A record that is
// damaged is told in `problems`.
std::vector<Installed> installed_in(const std::filesystem::path& folder, std::vector<base::Error>& problems);

// The error of a plugin, or a version, that weir has not installed in a folder: package.not_installed.
base::Error not_installed(const std::string& what, const std::filesystem::path& folder);

// Removes a version, or all. `waiting`: as InstallRequest. Errors: package.not_installed, package.folder.
base::Result<std::vector<Installed>> remove_installed(const std::filesystem::path& folder, const std::string& name,
                                                      const std::string& version, const WhenWaiting& waiting);

// Reads the binary again: its digest, and what is believed of its signature today. Errors: package.changed, and those of judge_signer().
base::Result<SignerVerdict> verify_installed(const Installed& installed, const security::TrustedKeys& keys,
                                             SignaturePolicy policy, std::string_view day);

}  // namespace weir::packages
