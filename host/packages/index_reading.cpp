#include "packages/index_reading.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "base/user_folder.hpp"
#include "packages/address.hpp"
#include "packages/download.hpp"
#include "security/checksum.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kKeptIndexFormat = 1;
constexpr std::string_view kIndexName = "index.json", kIndexSignaturesName = "index.json.sig";

// An index as it is served.
struct Served {
  std::string text, signatures;
  std::string etag;  // of the text
};

std::string title_of(const Source& source) { return "index '" + source.name + "'"; }

base::Result<std::string> file_in(const Source& source, const fs::path& folder, std::string_view name,
                                  std::size_t max) {
  std::string bytes;
  security::FileProblem problem;
  if (security::read_file(folder / name, max, bytes, problem)) return bytes;
  return base::unexpected(index_error(
      "index.unreadable", title_of(source) + ": expected " + (folder / name).string() + ", found: " + problem.text(),
      "see that the folder is there; weir plugin index list shows the indexes"));
}

// What was kept of a place's index. Empty: the user has no cache.
fs::path cache_file(const Source& source, const std::string& place) {
  const fs::path cache = base::user_folder("XDG_CACHE_HOME", ".cache");
  if (cache.empty()) return {};
  return cache / "indexes" / (security::sha256_of(place + "\n" + source.key).substr(0, 32) + ".json");
}

std::optional<Served> read_cache(const Source& source, const std::string& place) {
  std::string text;
  security::FileProblem ignored;  // then there is none
  const fs::path path = cache_file(source, place);
  if (path.empty() || !security::read_file(path, 2 * kMaxIndexBytes, text, ignored)) return {};
  const auto object = ordered_json::parse(text, nullptr, false);
  if (!object.is_object() || object.value("weir_kept_index", ordered_json()) != kKeptIndexFormat) return {};
  return Served{security::text_member(object, "index"), security::text_member(object, "signatures"),
                security::text_member(object, "etag")};
}

void write_cache(const Source& source, const std::string& place, const Served& served) {
  const ordered_json object{{"weir_kept_index", kKeptIndexFormat},
                            {"etag", served.etag},
                            {"index", served.text},
                            {"signatures", served.signatures}};
  security::FileProblem ignored;  // a cache that can't be written is none
  security::replace_file_of_user(cache_file(source, place), object.dump() + "\n", ignored);
}

base::Result<Served> served_at(const Source& source, const std::string& place, const std::optional<Served>& kept) {
  if (!is_address(place)) {
    WEIR_TRY_ASSIGN(std::string text, file_in(source, place, kIndexName, kMaxIndexBytes));
    WEIR_TRY_ASSIGN(std::string signatures, file_in(source, place, kIndexSignaturesName, kMaxIndexSignaturesBytes));
    return Served{std::move(text), std::move(signatures), {}};
  }
  const auto address = [&place](std::string_view name) { return place + "/" + std::string(name); };
  WEIR_TRY_ASSIGN(Document text, fetch_document(address(kIndexName), kMaxIndexBytes, kept ? kept->etag : std::string(),
                                                source.network));
  if (text.unchanged) return *kept;
  WEIR_TRY_ASSIGN(Document signatures,
                  fetch_document(address(kIndexSignaturesName), kMaxIndexSignaturesBytes, {}, source.network));
  return Served{std::move(text.text), std::move(signatures.text), std::move(text.etag)};
}

base::Result<std::string> signer_of_served(const Source& source, const Served& served,
                                           const security::TrustedKeys& keys, std::string_view day) {
  const std::string title = title_of(source);
  WEIR_TRY_ASSIGN(auto signatures, security::parse_signatures(served.signatures, kIndexType, title));
  if (!source.key.empty()) std::erase_if(signatures, [&source](const auto& one) { return one.key != source.key; });
  const security::Belief belief = keys.belief({}, kIndexType, served.text, signatures, day);
  using Verdict = security::Belief::Verdict;
  if (belief.verdict == Verdict::trusted) return belief.signer;
  std::string found = "none of it";
  if (belief.verdict == Verdict::unknown) found = "that its key is not trusted";
  if (belief.verdict == Verdict::wrong) found = "one that is not right";
  if (belief.verdict == Verdict::expired) found = "that its key has expired on " + belief.detail;
  if (belief.verdict == Verdict::revoked) found = "that its key was revoked: " + belief.detail;
  const std::string wanted = !source.key.empty()      ? source.key
                             : !belief.signer.empty() ? belief.signer
                                                      : "a trusted key";
  return base::unexpected(index_error("index.signature",
                                      title + ": expected a signature of " + wanted + ", found " + found,
                                      "ask who serves it; weir plugin trust list shows what is trusted"));
}

base::Result<OpenedIndex> open_served(const Source& source, const Served& served, const security::TrustedKeys& keys,
                                      std::string_view day) {
  OpenedIndex opened;
  WEIR_TRY_ASSIGN(opened.signer, signer_of_served(source, served, keys, day));
  WEIR_TRY_ASSIGN(opened.index, parse_index(served.text, title_of(source)));
  if (opened.index.version < source.seen) {
    return base::unexpected(index_error("index.rolled_back",
                                        title_of(source) + ": expected version " + std::to_string(source.seen) +
                                            " or a later one, found " + std::to_string(opened.index.version),
                                        "an old index is served, perhaps on purpose: ask who serves it"));
  }
  if (day >= opened.index.expires) opened.expired = opened.index.expires;
  return opened;
}

base::Result<OpenedIndex> open_at(const Source& source, const std::string& place, const security::TrustedKeys& keys,
                                  std::string_view day, KeptIndex mode) {
  const bool keeps = mode == KeptIndex::read && is_address(place);
  const std::optional<Served> kept = keeps ? read_cache(source, place) : std::nullopt;
  WEIR_TRY_ASSIGN(Served served, served_at(source, place, kept));
  auto opened = open_served(source, served, keys, day);
  if (!opened && opened.error().code == "index.signature") {
    // It was built anew between two questions, or what was kept is damaged.
    WEIR_TRY_ASSIGN(served, served_at(source, place, std::nullopt));
    opened = open_served(source, served, keys, day);
  }
  if (opened && keeps && (!kept || kept->text != served.text)) write_cache(source, place, served);
  return opened;
}

// Of what was kept of the places, the first that is right; none of it is newer than what its server had last.
std::optional<OpenedIndex> open_kept(const Source& source, const security::TrustedKeys& keys, std::string_view day) {
  for (const std::string& place : source.places) {
    const auto kept = is_address(place) ? read_cache(source, place) : std::nullopt;
    if (!kept) continue;
    auto opened = open_served(source, *kept, keys, day);
    if (opened) return std::move(*opened);
  }
  return {};
}

bool is_download_error(const base::Error& error) { return error.code.starts_with("download."); }

}  // namespace

base::Result<OpenedIndex> open_index(Source& source, const security::TrustedKeys& keys, std::string_view day,
                                     KeptIndex kept) {
  std::optional<OpenedIndex> found;
  std::optional<base::Error> problem;
  bool reached = false;
  for (const std::string& place : source.places) {
    auto opened = open_at(source, place, keys, day, kept);
    if (opened) {
      if (!found || found->index.version < opened->index.version) found = std::move(*opened);
      if (found->expired.empty()) break;
      continue;
    }
    reached = reached || !is_download_error(opened.error());
    if (problem) {
      problem->also.push_back(std::move(opened).error());
    } else {
      problem = std::move(opened).error();
    }
  }
  if (!found && !reached && kept == KeptIndex::read) {
    found = open_kept(source, keys, day);
    if (found) found->warning = problem->message + "; what was kept of " + title_of(source) + " is read";
  }
  if (!found) return base::unexpected(std::move(*problem));
  source.seen = found->index.version;
  return std::move(*found);
}

base::Result<std::string> judge_expiry(const std::string& expired, const std::string& name, Taken taken) {
  if (expired.empty()) return std::string();
  if (taken == Taken::locked)
    return "index '" + name + "' has expired on " + expired + ": what is locked is installed from it, nothing new";
  return base::unexpected(index_error(
      "index.expired", "index '" + name + "': expected one that is valid, found that it has expired on " + expired,
      "ask who serves it to build it anew: until then nothing new is installed from it"));
}

}  // namespace weir::packages
