#include "packages/folder_packages.hpp"

#include <algorithm>
#include <map>

#include "packages/package_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

base::Error nothing_in(const fs::path& folder, const std::string& found) {
  return base::make_error(base::Status::not_found, base::Fault::missing, "package.none",
                          folder.string() + ": expected packages of plugins, found " + found)
      .with_hint(
          "a package is a file NAME-VERSION.weirpkg, in the folder or in packages/ below it; "
          "weir install is for folders of manifests");
}

// The source that the user has of that place, or one that any trusted key may sign.
Source& source_of_folder(const fs::path& folder, Sources& sources, Source& own) {
  const std::string place = fs::absolute(folder).lexically_normal().string();
  const std::string without_slash = fs::path(place).has_filename() ? place : fs::path(place).parent_path().string();
  for (Source& source : sources.all()) {
    for (const std::string& one : source.places) {
      if (one == place || one == without_slash) return source;
    }
  }
  own.name = folder.string();
  own.places = {without_slash};
  return own;
}

base::Result<FolderPackages> of_index(const fs::path& folder, Sources& sources, const security::TrustedKeys& keys,
                                      std::string_view day) {
  Source own;
  Source& known = source_of_folder(folder, sources, own);
  Source source = known;
  source.places = {fs::absolute(folder).lexically_normal().string()};
  WEIR_TRY_ASSIGN(const OpenedIndex opened, open_index(source, keys, day));
  known.seen = source.seen;
  FolderPackages found;
  found.is_index = true;
  found.revoked = opened.index.revoked;
  WEIR_TRY(judge_expiry(opened.expired, source.name, Taken::anew));
  std::map<std::string, const Release*> best;
  for (const Release& release : opened.index.releases) {  // the newest first
    if (!release.yanked.empty()) continue;
    const Release*& one = best[release.info.name];
    if (one == nullptr || (!is_for_host(one->info) && is_for_host(release.info))) one = &release;
  }
  for (const auto& [name, release] : best) found.releases.push_back({*release, source, found.revoked, {}});
  if (found.releases.empty()) return base::unexpected(nothing_in(folder, "an index without any that was not yanked"));
  return found;
}

}  // namespace

base::Result<FolderPackages> packages_of_folder(const fs::path& folder, Sources& sources,
                                                const security::TrustedKeys& keys, std::string_view day) {
  std::error_code problem;
  if (fs::exists(folder / "index.json", problem)) return of_index(folder, sources, keys, day);
  std::vector<fs::path> files = package_files(folder, problem);
  if (problem) return base::unexpected(nothing_in(folder, problem.message()));
  if (files.empty()) files = package_files(folder / "packages", problem);
  struct Best {
    PackageInfo info;
    fs::path file;
  };
  std::map<std::string, Best> best;
  for (const fs::path& file : files) {
    WEIR_TRY_ASSIGN(const PackageHead head, read_head(file));
    const bool fits = is_for_host(head.info);
    const auto found = best.find(head.info.name);
    const bool better = found == best.end() || (fits && !is_for_host(found->second.info)) ||
                        (fits == is_for_host(found->second.info) && found->second.info.version < head.info.version);
    if (better) best[head.info.name] = {head.info, file};
  }
  if (best.empty()) return base::unexpected(nothing_in(folder, "none"));
  FolderPackages found;
  for (const auto& [name, one] : best) found.files.push_back(one.file);
  return found;
}

}  // namespace weir::packages
