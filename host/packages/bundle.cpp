#include "packages/bundle.hpp"

#include "packages/pack.hpp"
#include "packages/package_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using plugins::LockedPlugin;

base::Error bundle_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

// Where a locked plugin's package is: in an index, or where the lock says.
base::Result<FetchedPackage> package_of(const std::string& plugin, const LockedPlugin& locked, const fs::path& folder,
                                        const Offers& offers) {
  WEIR_TRY_ASSIGN(const Offer* const offer, offers.locked(plugin, locked));
  if (offer != nullptr) {
    return fetch_package(offer->found.release, offer->found.source, {});
  }
  if (!locked.file.empty()) return FetchedPackage{folder / locked.file, {}, {}, {}};
  return base::unexpected(offers.nowhere(plugin, locked, {}));
}

base::Result<Bundled> add(const std::string& plugin, const LockedPlugin& locked, const fs::path& from,
                          const fs::path& to) {
  WEIR_TRY_ASSIGN(const PackageHead head,
                  read_package(from, [](const auto&, auto) -> base::Result<void> { return {}; }));
  WEIR_TRY(check_digests(head.info, from.string(), locked.digests));
  Bundled bundled{plugin, locked.version, to / "packages" / package_name(head.info), 0};
  std::error_code problem;
  fs::create_directories(bundled.package.parent_path(), problem);
  const fs::path staged = bundled.package.string() + ".new";
  if (!problem) fs::copy_file(from, staged, fs::copy_options::overwrite_existing, problem);
  if (!problem) fs::rename(staged, bundled.package, problem);
  if (!problem) bundled.bytes = fs::file_size(bundled.package, problem);
  if (!problem) return bundled;
  const std::string found = problem.message();
  fs::remove(staged, problem);
  return base::unexpected(bundle_error("bundle.folder",
                                       to.string() + ": expected a folder that can be written, found: " + found,
                                       "see that it has room, or name another"));
}

}  // namespace

base::Error no_lock(const fs::path& path, std::string hint) {
  return bundle_error("bundle.no_lock", path.lexically_normal().string() + ": expected a lock of plugins, found none",
                      std::move(hint));
}

base::Result<std::vector<Bundled>> make_bundle(const fs::path& folder, const fs::path& to, const Offers& offers) {
  const fs::path path = plugins::lock_path(folder);
  WEIR_TRY_ASSIGN(const auto lock, plugins::read_lock(path));
  if (!lock) return base::unexpected(no_lock(path, "weir install writes it, beside the manifests"));
  std::vector<Bundled> all;
  for (const auto& [plugin, locked] : lock->plugins) {
    WEIR_TRY_ASSIGN(const FetchedPackage package, package_of(plugin, locked, folder, offers));
    WEIR_TRY_ASSIGN(Bundled bundled, add(plugin, locked, package.file, to));
    all.push_back(std::move(bundled));
  }
  std::error_code ignored;  // writing tells
  fs::create_directories(to, ignored);
  WEIR_TRY(plugins::write_lock(plugins::lock_path(to), *lock));
  return all;
}

}  // namespace weir::packages
