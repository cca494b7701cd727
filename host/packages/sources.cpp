#include "packages/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "packages/package_file.hpp"
#include "plugins/compatibility.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::size_t kMaxSourcesBytes = 1U << 20U;
constexpr std::size_t kMaxSignaturesBytes = 64U << 10U;
constexpr std::size_t kMostVersionsShown = 8;

base::Error source_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

base::Error sources_error(const fs::path& path, const std::string& what) {
  const std::string where = path.empty() ? "no home" : path.string();
  return source_error("index.sources", where + ": expected the indexes to install from, found: " + what,
                      "see that the file may be read and written; XDG_CONFIG_HOME names another folder");
}

base::Result<std::string> bytes_of(const Source& source, const char* name, std::size_t max) {
  std::string bytes;
  security::FileProblem problem;
  if (security::read_file(source.place / name, max, bytes, problem)) return bytes;
  return base::unexpected(source_error(
      "index.unreadable",
      "index '" + source.name + "': expected " + (source.place / name).string() + ", found: " + problem.text(),
      "see that the folder is there; weir plugin index list shows the indexes"));
}

base::Result<void> check_signature(const Source& source, const std::string& text, const std::string& signatures_text,
                                   const security::TrustedKeys& keys, std::string_view day) {
  const std::string title = "index '" + source.name + "'";
  WEIR_TRY_ASSIGN(const auto signatures, security::parse_signatures(signatures_text, kIndexType, title));
  std::vector<security::Signature> of_its_key = signatures;
  std::erase_if(of_its_key, [&source](const auto& one) { return one.key != source.key; });
  const security::Belief belief = keys.belief({}, kIndexType, text, of_its_key, day);
  if (belief.verdict == security::Belief::Verdict::trusted) return {};
  std::string found = "none of it";
  using Verdict = security::Belief::Verdict;
  if (belief.verdict == Verdict::unknown) found = "that its key is not trusted";
  if (belief.verdict == Verdict::wrong) found = "one that is not right";
  if (belief.verdict == Verdict::expired) found = "that its key has expired on " + belief.detail;
  if (belief.verdict == Verdict::revoked) found = "that its key was revoked: " + belief.detail;
  return base::unexpected(source_error("index.signature",
                                       title + ": expected a signature of " + source.key + ", found " + found,
                                       "ask who serves it; weir plugin trust list shows what is trusted"));
}

std::string shown_host() {
  const Platform host = host_platform();
  return host.system + " " + host.machine + ", " + host.libc + " " + host.libc_version;
}

bool is_for_host(const PackageInfo& info) {
  return plugins::check_abi(info.abi, info.needs_abi, info.name).has_value() &&
         info.binary_for(host_platform()) != nullptr;
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

Searched search(const std::string& name, Sources& sources, const security::TrustedKeys& keys, std::string_view day) {
  Searched searched;
  for (Source& source : sources.all()) {
    const auto opened = open_index(source, keys, day);
    if (!opened) {
      searched.problems.push_back(opened.error());
      continue;
    }
    bool has = false;
    for (const Release& release : opened->index.releases) {
      searched.names.push_back(release.info.name);
      has = has || release.info.name == name;
      if (release.info.name == name && opened->expired.empty())
        searched.of_name.push_back({release, source.place / release.package, source.name, opened->index.revoked});
    }
    if (has && !opened->expired.empty()) {
      searched.problems.push_back(source_error(
          "index.expired",
          "index '" + source.name + "': expected one that is valid, found that it has expired on " + opened->expired,
          "ask who serves it to build it anew: until then nothing new is installed from it"));
    }
  }
  return searched;
}

}  // namespace

fs::path Sources::file_of_user() {
  const fs::path trusted = security::TrustedKeys::file_of_user();
  return trusted.empty() ? fs::path() : trusted.parent_path() / "indexes.json";
}

base::Result<Sources> Sources::read(const fs::path& path) {
  Sources sources;
  sources.path_ = path;
  std::string text;
  security::FileProblem problem;
  if (path.empty()) return sources;
  if (!security::read_file(path, kMaxSourcesBytes, text, problem)) {
    if (problem.number == ENOENT || problem.number == ENOTDIR) return sources;
    return base::unexpected(sources_error(path, problem.text()));
  }
  const auto object = security::parse_document(text);
  if (!object.is_object() || object.value("weir_indexes", ordered_json()) != kFormat || !object.contains("indexes") ||
      !object["indexes"].is_array())
    return base::unexpected(sources_error(path, "something else"));
  for (const auto& one : object["indexes"]) {
    const auto member = [&one](const char* name) { return security::text_member(one, name); };
    Source source{member("name"), member("place"), member("key"), 0};
    const auto seen = one.is_object() ? one.find("seen") : one.end();
    if (source.name.empty() || source.place.empty() || source.key.empty() || seen == one.end() ||
        !seen->is_number_unsigned())
      return base::unexpected(sources_error(path, "an index without name, place, key and seen"));
    source.seen = seen->get<std::uint64_t>();
    sources.all_.push_back(std::move(source));
  }
  return sources;
}

base::Result<void> Sources::write() const {
  ordered_json list = ordered_json::array();
  for (const Source& one : all_)
    list.push_back({{"name", one.name}, {"place", one.place.string()}, {"key", one.key}, {"seen", one.seen}});
  const ordered_json object{{"weir_indexes", kFormat}, {"indexes", std::move(list)}};
  security::FileProblem problem;
  if (security::replace_file_of_user(path_, object.dump(1) + "\n", problem)) return {};
  return base::unexpected(sources_error(path_, problem.text()));
}

base::Result<void> Sources::add(Source source) {
  const bool taken =
      std::any_of(all_.begin(), all_.end(), [&source](const Source& one) { return one.name == source.name; });
  if (!taken) {
    all_.push_back(std::move(source));
    return {};
  }
  return base::unexpected(source_error("index.name", "expected a name that no index has, found '" + source.name + "'",
                                       "take another, or weir plugin index remove the old one first"));
}

base::Result<Source> Sources::remove(std::string_view name) {
  const auto found = std::find_if(all_.begin(), all_.end(), [name](const Source& one) { return one.name == name; });
  if (found == all_.end())
    return base::unexpected(source_error("index.name",
                                         "expected the name of an index, found '" + std::string(name) + "'",
                                         "weir plugin index list shows the indexes"));
  Source removed = std::move(*found);
  all_.erase(found);
  return removed;
}

base::Result<OpenedIndex> open_index(Source& source, const security::TrustedKeys& keys, std::string_view day) {
  WEIR_TRY_ASSIGN(const std::string text, bytes_of(source, "index.json", kMaxIndexBytes));
  WEIR_TRY_ASSIGN(const std::string signatures, bytes_of(source, "index.json.sig", kMaxSignaturesBytes));
  WEIR_TRY(check_signature(source, text, signatures, keys, day));
  OpenedIndex opened;
  WEIR_TRY_ASSIGN(opened.index, parse_index(text, "index '" + source.name + "'"));
  if (opened.index.version < source.seen) {
    return base::unexpected(source_error("index.rolled_back",
                                         "index '" + source.name + "': expected version " +
                                             std::to_string(source.seen) + " or a later one, found " +
                                             std::to_string(opened.index.version),
                                         "an old index is served, perhaps on purpose: ask who serves it"));
  }
  source.seen = opened.index.version;
  if (day >= opened.index.expires) opened.expired = opened.index.expires;
  return opened;
}

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
    return base::unexpected(source_error("index.no_plugin",
                                         "expected an index that has '" + name + "', found no index at all",
                                         "weir plugin index add NAME FOLDER --key FILE.pub, or give a package's file"));
  }
  if (searched.of_name.empty()) {
    const std::string near = base::nearest(name, searched.names);
    return base::unexpected(
        source_error("index.no_plugin", "expected a plugin of an index, found none called '" + name + "'",
                     near.empty() ? "weir plugin search shows what there is" : "did you mean '" + near + "'?"));
  }
  return base::unexpected(source_error("index.no_version",
                                       name + ": expected a version " + (range_text.empty() ? "" : range.text + " ") +
                                           "for " + shown_host() + ", found " + why_none(searched.of_name, range),
                                       "ask its author for one, or for another range"));
}

base::Result<void> check_package(const FoundRelease& found) {
  std::string bytes;
  security::FileProblem problem;
  std::string what;
  if (!security::read_file(found.package, kMaxPackageBytes, bytes, problem)) {
    what = problem.text();
  } else if (bytes.size() != found.release.bytes) {
    what = std::to_string(bytes.size()) + " bytes";
  } else if (const std::string sha256 = security::sha256_of(bytes); sha256 != found.release.sha256) {
    what = "SHA-256 " + sha256;
  } else {
    return {};
  }
  return base::unexpected(source_error("index.other_package",
                                       found.package.string() + ": expected the package that index '" + found.source +
                                           "' names, " + std::to_string(found.release.bytes) + " bytes with SHA-256 " +
                                           found.release.sha256 + ", found " + what,
                                       "ask who serves the index"));
}

}  // namespace weir::packages
