#include "packages/index.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/sort.hpp"
#include "base/utf8.hpp"
#include "packages/package_file.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kIndexFormat = 1;
constexpr std::size_t kMostReleases = 100'000;
constexpr std::size_t kMaxReason = 500;

base::Error damaged(const std::string& name, const std::string& found) {
  return index_error("index.damaged", name + ": expected an index, found " + found,
                     "ask who serves it to build it anew");
}

std::string release_name(const PackageInfo& info) { return info.name + "@" + info.version_text; }

ordered_json json_of_release(const Release& release) {
  ordered_json object = ordered_json::parse(package_info_text(release.info));
  object["package"] = release.package;
  object["bytes"] = release.bytes;
  object["sha256"] = release.sha256;
  object["signers"] = release.signers;
  if (!release.yanked.empty()) object["yanked"] = release.yanked;
  return object;
}

bool is_reason(const std::string& text) { return text.size() <= kMaxReason && base::is_utf8(text); }

// Empty: it is one. Else what was found.
std::string release_of(const ordered_json& object, const std::string& name, Release& release) {
  auto info = parse_package_info(object.dump(), name);
  if (!info) return "an entry that is no package's: " + info.error().message;
  release.info = std::move(*info);
  release.package = security::text_member(object, "package");
  release.sha256 = security::text_member(object, "sha256");
  release.yanked = security::text_member(object, "yanked");
  const auto bytes = object.find("bytes");
  const auto signers = object.find("signers");
  if (!is_file_path(release.package) || bytes == object.end() || !bytes->is_number_unsigned() ||
      !security::is_sha256(release.sha256) || signers == object.end() || !signers->is_array() ||
      !is_reason(release.yanked))
    return "no package, bytes, sha256 and signers of " + release_name(release.info);
  release.bytes = bytes->get<std::uint64_t>();
  for (const auto& signer : *signers) {
    if (!signer.is_string()) return "no fingerprints under 'signers'";
    release.signers.push_back(signer.get<std::string>());
  }
  return {};
}

struct NewestFirst {
  const PackageInfo* info;
  bool operator<(const NewestFirst& other) const {
    return info->name != other.info->name ? info->name < other.info->name : other.info->version < info->version;
  }
};

base::Result<Release> release_in(const fs::path& folder, const fs::path& package) {
  WEIR_TRY_ASSIGN(const PackageHead head,
                  read_package(package, [](const auto&, auto) -> base::Result<void> { return {}; }));
  Release release;
  release.info = head.info;
  std::erase_if(release.info.files, [](const PackagedFile& file) { return !file.platform; });
  release.package = package.lexically_relative(folder).generic_string();
  std::error_code gone;
  security::FileProblem problem;
  release.sha256 = security::sha256_of_file(package, problem);
  release.bytes = fs::file_size(package, gone);
  if (release.sha256.empty() || gone)
    return base::unexpected(index_error("index.folder",
                                        package.string() + ": expected a package, found: " + problem.text(),
                                        "see that the file may be read"));
  for (const auto& signature : head.signatures) release.signers.push_back(signature.key);
  return release;
}

base::Result<std::vector<Release>> releases_in(const fs::path& folder) {
  std::vector<Release> releases;
  std::error_code problem;
  const std::vector<fs::path> packages = package_files(folder / "packages", problem);
  if (problem) {
    return base::unexpected(index_error(
        "index.folder", (folder / "packages").string() + ": expected a folder of packages, found: " + problem.message(),
        "put the packages there: weir plugin pack FILE --to " + (folder / "packages").string()));
  }
  for (const fs::path& package : packages) {
    WEIR_TRY_ASSIGN(Release release, release_in(folder, package));
    releases.push_back(std::move(release));
  }
  base::sort_stably(releases, [](const Release& release) { return NewestFirst{&release.info}; });
  for (std::size_t i = 1; i < releases.size(); ++i) {
    if (releases[i].info.name != releases[i - 1].info.name || releases[i].info.version != releases[i - 1].info.version)
      continue;
    return base::unexpected(index_error("index.same_version",
                                        folder.string() + ": expected one package of " +
                                            release_name(releases[i].info) + ", found " + releases[i - 1].package +
                                            " and " + releases[i].package,
                                        "a version never changes: give the later one a new number"));
  }
  return releases;
}

// What an index.json that is there keeps: its version, and what was taken back.
base::Result<Index> last_index(const fs::path& folder) {
  std::string text;
  security::FileProblem problem;
  const fs::path path = folder / "index.json";
  if (security::read_file(path, kMaxIndexBytes, text, problem)) return parse_index(text, path.string());
  if (problem.number == ENOENT) return Index{};
  return base::unexpected(index_error("index.folder",
                                      path.string() + ": expected an index or none, found: " + problem.text(),
                                      "see that the file may be read"));
}

base::Result<std::string> text_in(const fs::path& folder, const char* name, std::size_t most) {
  std::string text;
  security::FileProblem problem;
  if (security::read_file(folder / name, most, text, problem)) return text;
  return base::unexpected(index_error("index.folder",
                                      (folder / name).string() + ": expected an index, found: " + problem.text(),
                                      "weir plugin index build makes it"));
}

base::Result<void> write_index(const fs::path& folder, const std::string& text, const security::PrivateKey& key) {
  WEIR_TRY_ASSIGN(const security::Signature signature, key.sign(kIndexType, text));
  security::FileProblem problem;
  // The signature first: a reader that sees it beside the old index asks again.
  if (security::replace_file(folder / "index.json.sig", security::signatures_text(kIndexType, {signature}),
                             security::kForAll, problem) &&
      security::replace_file(folder / "index.json", text, security::kForAll, problem))
    return {};
  return base::unexpected(index_error("index.folder",
                                      folder.string() + ": expected to write index.json, found: " + problem.text(),
                                      "see that the folder can be written and has room"));
}

base::Result<void> take_back(Index& index, const Index& last, const BuildRequest& request) {
  std::map<std::string, std::string> yanked;
  for (const Release& release : last.releases) {
    if (!release.yanked.empty()) yanked[release_name(release.info)] = release.yanked;
  }
  for (const auto& [name, reason] : request.yank) yanked[name] = reason;
  for (const auto& [name, reason] : yanked) {
    const auto found = std::find_if(index.releases.begin(), index.releases.end(),
                                    [&name](const Release& release) { return release_name(release.info) == name; });
    if (found != index.releases.end()) found->yanked = reason;
    if (found == index.releases.end() && request.yank.contains(name)) {
      return base::unexpected(index_error(
          "index.unknown", "expected a version that is in the index, found '" + name + "'", "name it as NAME@VERSION"));
    }
  }
  index.revoked = last.revoked;
  for (const Revocation& one : request.revoke) {
    std::erase_if(index.revoked, [&one](const Revocation& other) { return other.key == one.key; });
    index.revoked.push_back(one);
  }
  return {};
}

}  // namespace

std::string index_text(const Index& index) {
  ordered_json releases = ordered_json::array(), revoked = ordered_json::array();
  for (const Release& release : index.releases) releases.push_back(json_of_release(release));
  for (const Revocation& one : index.revoked) revoked.push_back({{"key", one.key}, {"reason", one.reason}});
  return ordered_json{{"weir_index", kIndexFormat},
                      {"version", index.version},
                      {"expires", index.expires},
                      {"revoked", std::move(revoked)},
                      {"plugins", std::move(releases)}}
             .dump(1) +
         "\n";
}

base::Result<Index> parse_index(std::string_view text, const std::string& name) {
  const auto object = security::parse_document(text);
  if (!object.is_object() || object.value("weir_index", ordered_json()) != kIndexFormat)
    return base::unexpected(damaged(name, "something else"));
  Index index;
  const auto version = object.find("version"), plugins = object.find("plugins"), revoked = object.find("revoked");
  index.expires = security::text_member(object, "expires");
  if (version == object.end() || !version->is_number_unsigned() || !security::is_day(index.expires))
    return base::unexpected(damaged(name, "no version, or no day on which it ends"));
  index.version = version->get<std::uint64_t>();
  if (plugins == object.end() || !plugins->is_array() || plugins->size() > kMostReleases || revoked == object.end() ||
      !revoked->is_array() || revoked->size() > kMostReleases)
    return base::unexpected(damaged(name, "no list of plugins and revoked keys"));
  for (const auto& one : *plugins) {
    Release release;
    if (std::string found = release_of(one, name, release); !found.empty())
      return base::unexpected(damaged(name, found));
    index.releases.push_back(std::move(release));
  }
  for (const auto& one : *revoked) {
    const Revocation revocation = Revocation{security::text_member(one, "key"), security::text_member(one, "reason")};
    if (revocation.key.empty() || revocation.reason.empty() || !is_reason(revocation.reason))
      return base::unexpected(damaged(name, "a revocation without a key and a reason"));
    index.revoked.push_back(revocation);
  }
  base::sort_stably(index.releases, [](const Release& release) { return NewestFirst{&release.info}; });
  return index;
}

base::Result<Index> build_index(const BuildRequest& request, const security::PrivateKey& key) {
  WEIR_TRY_ASSIGN(const Index last, last_index(request.folder));
  Index index;
  index.version = last.version + 1;
  index.expires = request.expires;
  WEIR_TRY_ASSIGN(index.releases, releases_in(request.folder));
  WEIR_TRY(take_back(index, last, request));
  WEIR_TRY(write_index(request.folder, index_text(index), key));
  return index;
}

base::Result<Index> refresh_index(const fs::path& folder, const std::string& expires, const security::PrivateKey& key) {
  WEIR_TRY_ASSIGN(const std::string text, text_in(folder, "index.json", kMaxIndexBytes));
  WEIR_TRY_ASSIGN(const std::string beside, text_in(folder, "index.json.sig", kMaxIndexSignaturesBytes));
  WEIR_TRY_ASSIGN(Index index, parse_index(text, folder.string()));
  WEIR_TRY_ASSIGN(const auto signatures, security::parse_signatures(beside, kIndexType, folder.string()));
  const security::PublicKey own = key.public_key();
  if (std::none_of(signatures.begin(), signatures.end(), [&](const security::Signature& one) {
        return one.key == own.fingerprint() && own.signed_this(kIndexType, text, one);
      })) {
    return base::unexpected(
        index_error("index.signature",
                    folder.string() + ": expected an index that " + own.fingerprint() + " has signed, found another",
                    "what somebody may have changed is not signed again: build it anew"));
  }
  if (expires <= index.expires) {
    return base::unexpected(index_error(
        "index.earlier",
        folder.string() + ": expected a day after " + index.expires + ", on which it ends, found " + expires,
        "give a later one with --expires"));
  }
  // What a later weir may have put into it stays.
  ordered_json object = ordered_json::parse(text);
  object["version"] = ++index.version;
  object["expires"] = index.expires = expires;
  WEIR_TRY(write_index(folder, object.dump(1) + "\n", key));
  return index;
}

base::Error index_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

}  // namespace weir::packages
