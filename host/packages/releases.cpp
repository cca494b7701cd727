#include "packages/releases.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/units.hpp"
#include "packages/address.hpp"
#include "packages/old_halves.hpp"
#include "packages/package_file.hpp"
#include "packages/part_file.hpp"
#include "plugins/compatibility.hpp"
#include "security/checksum.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostVersionsShown = 8;
constexpr std::size_t kDigestShown = 12;

base::Error release_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

std::string shown_host() {
  const Platform host = host_platform();
  return host.system + " " + host.machine + ", " + host.libc + " " + host.libc_version;
}

// Why each version does not do: "1.2.0 (yanked: …), 1.1.0 (for linux aarch64)".
std::string why_none(const std::vector<FoundRelease>& releases, const base::VersionRange& range) {
  std::string text;
  for (std::size_t i = 0; i < releases.size() && i < kMostVersionsShown; ++i) {
    const Release& release = releases[i].release;
    text += (i == 0 ? "" : ", ") + release.info.version_text;
    std::string platforms;
    for (const PackagedFile& file : release.info.files)
      platforms += (platforms.empty() ? "for " : "; ") + (file.platform ? file.platform->text() : std::string());
    if (!range.fits(release.info.version)) {
      text += " (not " + range.text + ")";
    } else if (!release.yanked.empty()) {
      text += " (yanked: " + release.yanked + ")";
    } else if (release.info.binary_for(host_platform()) == nullptr) {
      text += " (" + platforms + ")";
    } else {
      text += " (needs ABI " + plugins::abi_text(release.info.needs_abi) + ")";
    }
  }
  return text + (releases.size() > kMostVersionsShown ? ", …" : "");
}

struct Searched {
  std::vector<FoundRelease> of_name;
  std::vector<std::string> names;
  std::vector<base::Error> problems;
};

// Adds what an index that is valid has of a name.
void add_releases(const std::string& name, const Source& source, const OpenedIndex& opened, Searched& searched) {
  auto valid = judge_expiry(opened.expired, source.name, Taken::anew);
  bool has_it = false;
  for (const Release& release : opened.index.releases) {
    searched.names.push_back(release.info.name);
    if (release.info.name != name) continue;
    has_it = true;
    if (!valid) continue;
    FoundRelease found{release, source, opened.index.revoked, {}};
    if (!opened.warning.empty()) found.warnings.push_back(opened.warning);
    searched.of_name.push_back(std::move(found));
  }
  if (has_it && !valid) searched.problems.push_back(std::move(valid).error());
}

Searched search(const std::string& name, Sources& sources, const security::TrustedKeys& keys, std::string_view day) {
  Searched searched;
  for (Source& source : sources.all()) {
    auto opened = open_index(source, keys, day);
    if (opened) {
      add_releases(name, source, *opened, searched);
    } else {
      searched.problems.push_back(std::move(opened).error());
    }
  }
  return searched;
}

// Whether a file is the package that a release names. `place`: where it came from, for messages.
base::Result<void> check_package(const fs::path& file, const std::string& place, const Release& release,
                                 const Source& source) {
  std::string what;
  std::error_code gone;
  security::FileProblem problem;
  const std::uintmax_t bytes = fs::file_size(file, gone);
  if (gone) {
    what = gone.message();
  } else if (bytes != release.bytes) {
    what = std::to_string(bytes) + " bytes";
  } else if (const std::string sha256 = security::sha256_of_file(file, problem); sha256 != release.sha256) {
    what = sha256.empty() ? problem.text() : "SHA-256 " + sha256;
  } else {
    return {};
  }
  return base::unexpected(release_error("index.other_package",
                                        place + ": expected the package that index '" + source.name + "' names, " +
                                            std::to_string(release.bytes) + " bytes with SHA-256 " + release.sha256 +
                                            ", found " + what,
                                        "ask who serves the index"));
}

// Where downloads go, and stay when they are cut; empty: nowhere.
fs::path downloads_of_user() {
  fs::path folder = downloads_folder();
  if (folder.empty()) return {};
  std::error_code ignored;  // whether it is there, access() says
  fs::create_directories(folder, ignored);
  return ::access(folder.c_str(), W_OK | X_OK) == 0 ? folder : fs::path();
}

base::Result<FetchedPackage> fetch(const std::string& address, const std::string& name, std::uint64_t most,
                                   const Network& network, const DownloadProgress& progress) {
  FetchedPackage fetched;
  fetched.source = shown_address(address);
  fs::path folder = downloads_of_user();
  if (folder.empty()) {
    WEIR_TRY_ASSIGN(PrivateFolder own, PrivateFolder::make());
    folder = own.path();
    fetched.folder.emplace(std::move(own));
  }
  WEIR_TRY_ASSIGN(Download whole, download({address, folder / name, most}, network, progress));
  fetched.file = whole.file();
  fetched.download.emplace(std::move(whole));
  return fetched;
}

base::Result<FetchedPackage> fetch_from(const std::string& place, const Release& release, const Source& source,
                                        const DownloadProgress& progress) {
  if (!is_address(place)) {
    const fs::path file = fs::path(place) / release.package;
    WEIR_TRY(check_package(file, file.string(), release, source));
    return FetchedPackage{file, file.string(), {}, {}};
  }
  const std::string name =
      release.info.name + "-" + release.info.version_text + "-" + release.sha256.substr(0, kDigestShown) + ".weirpkg";
  WEIR_TRY_ASSIGN(FetchedPackage fetched,
                  fetch(place + "/" + release.package, name, release.bytes, source.network, progress));
  WEIR_TRY(check_package(fetched.file, fetched.source, release, source));
  return fetched;
}

}  // namespace

base::Result<FoundRelease> find_release(const std::string& name, const std::string& range_text, Sources& sources,
                                        const security::TrustedKeys& keys, std::string_view day) {
  WEIR_TRY_ASSIGN(const base::VersionRange range, base::parse_version_range(range_text.empty() ? "*" : range_text));
  Searched searched = search(name, sources, keys, day);
  const FoundRelease* best = nullptr;
  for (const FoundRelease& one : searched.of_name) {
    const bool fits =
        range.fits(one.release.info.version) && one.release.yanked.empty() && is_for_host(one.release.info);
    if (fits && (best == nullptr || best->release.info.version < one.release.info.version)) best = &one;
  }
  if (best != nullptr) return *best;
  if (!searched.problems.empty()) return base::unexpected(std::move(searched.problems.front()));
  if (sources.all().empty()) {
    return base::unexpected(release_error("index.no_plugin",
                                          "expected an index that has '" + name + "', found no index at all",
                                          "weir plugin index add NAME PLACE --key FILE.pub, or give a package's file"));
  }
  if (searched.of_name.empty()) {
    const std::string near = base::nearest(name, searched.names);
    return base::unexpected(
        release_error("index.no_plugin", "expected a plugin of an index, found none called '" + name + "'",
                      near.empty() ? "weir plugin search shows what there is" : "did you mean '" + near + "'?"));
  }
  return base::unexpected(release_error("index.no_version",
                                        name + ": expected a version " + (range_text.empty() ? "" : range.text + " ") +
                                            "for " + shown_host() + ", found " + why_none(searched.of_name, range),
                                        "ask its author for one, or for another range"));
}

base::Result<PrivateFolder> PrivateFolder::make() {
  std::error_code ignored;  // then mkdtemp says what is wrong
  std::string name = (fs::temp_directory_path(ignored) / "weir-download-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) return PrivateFolder(name);
  return base::unexpected(disk_error(name, std::strerror(errno)));
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;  // what stays is the system's to clean
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

base::Result<FetchedPackage> fetch_package(const Release& release, const Source& source,
                                           const DownloadProgress& progress) {
  std::optional<base::Error> problem;
  for (const std::string& place : source.places) {
    auto fetched = fetch_from(place, release, source, progress);
    if (fetched) return fetched;
    if (problem) {
      problem->also.push_back(std::move(fetched).error());
    } else {
      problem = std::move(fetched).error();
    }
  }
  return base::unexpected(std::move(*problem));
}

base::Result<FetchedPackage> fetch_address(const std::string& address, const Network& network,
                                           const DownloadProgress& progress) {
  WEIR_TRY(check_address(address));
  const std::string name = security::sha256_of(address).substr(0, 2 * kDigestShown) + ".weirpkg";
  return fetch(address, name, kMaxPackageBytes, network, progress);
}

}  // namespace weir::packages
