#include "packages/lock_install.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

// Of a binary that weir has installed; empty: it has not, or nobody was believed.
std::string signer_of_binary(const fs::path& binary) {
  std::vector<base::Error> damaged;
  for (const Installed& one : installed_in(binary.parent_path(), damaged)) {
    if (one.binary == binary) return one.signer;
  }
  return {};
}

// By where it was locked from. What the lock says was signed must be, unless signatures are not looked at.
SignaturePolicy kept_policy(const plugins::LockedPlugin& locked, const security::SignaturePolicies& policies) {
  const SignaturePolicy policy = locked.file.empty() ? policies.index : policies.file;
  const bool stricter = policy == SignaturePolicy::warn && !locked.signer.empty();
  return stricter ? SignaturePolicy::require : policy;
}

base::Result<Placed> install(const FetchedPackage& package, const LockInstallRequest& request,
                             security::TrustedKeys& keys, Placed placed) {
  const Pick& pick = placed.pick;
  // A machine that has never seen the plugin has the lock to say who signed it first.
  if (!pick.locked.signer.empty()) keys.bind(pick.plugin, pick.locked.signer);
  const InstallRequest wanted{package.file,        package.source,
                              request.folder,      request.policy.value_or(kept_policy(pick.locked, keys.policies())),
                              request.day,         request.try_command,
                              pick.locked.digests, request.waiting};
  WEIR_TRY_ASSIGN(const InstallResult result, install_package(wanted, keys));
  if (!result.warning.empty()) placed.warnings.push_back(result.warning);
  placed.binary = result.installed.binary;
  placed.signer = result.installed.signer;
  return placed;
}

base::Result<Placed> place(const Pick& pick, const LockInstallRequest& request, security::TrustedKeys& keys) {
  Placed placed{pick, pick.there, {}, {}, !pick.there.empty()};
  if (!pick.warning.empty()) placed.warnings.push_back(pick.warning);
  if (placed.was_there) {
    placed.signer = signer_of_binary(pick.there);
    return placed;
  }
  if (!pick.offer) return install({pick.package, {}, {}, {}}, request, keys, std::move(placed));
  const FoundRelease& found = *pick.offer;
  placed.warnings.insert(placed.warnings.end(), found.warnings.begin(), found.warnings.end());
  const std::string title = pick.plugin + " " + pick.locked.version;
  const DownloadProgress progress = request.progress ? request.progress(title) : DownloadProgress();
  WEIR_TRY_ASSIGN(const FetchedPackage package, fetch_package(found.release, found.source, progress));
  for (const Revocation& one : found.revoked) {
    if (keys.find(one.key) != nullptr) WEIR_TRY(keys.revoke(one.key, one.reason));
  }
  return install(package, request, keys, std::move(placed));
}

}  // namespace

base::Result<std::vector<Placed>> install_picks(Relocking& relocking, const LockInstallRequest& request,
                                                security::TrustedKeys& keys) {
  std::vector<Placed> all;
  for (const Pick& pick : relocking.picks) {
    WEIR_TRY_ASSIGN(Placed placed, place(pick, request, keys));
    plugins::LockedPlugin& locked = relocking.after.plugins[pick.plugin];
    if (locked.signer.empty()) locked.signer = placed.signer;
    all.push_back(std::move(placed));
  }
  return all;
}

base::Result<bool> write_changed_lock(const fs::path& folder, const plugins::LockFile& lock) {
  const fs::path path = plugins::lock_path(folder);
  WEIR_TRY_ASSIGN(const auto there, plugins::read_lock(path));
  if (there ? *there == lock : lock.plugins.empty()) return false;
  WEIR_TRY(plugins::write_lock(path, lock));
  return true;
}

}  // namespace weir::packages
