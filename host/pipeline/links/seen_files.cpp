#include "pipeline/links/seen_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/hex.hpp"

namespace weir::pipeline {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::int64_t kKeepGoneNs = std::int64_t{90} * 86400 * 1'000'000'000;

base::Error no_list(const std::string& expected) {
  return base::make_error(base::Status::failed_precondition, base::Fault::manifest, "source.seen",
                          "expected " + expected + ", found another")
      .with_hint("what the last run has left says nothing of these files: read all of them with --fresh");
}

const char* name_of(KnownBy by) {
  switch (by) {
    case KnownBy::name: return "name";
    case KnownBy::size: return "size";
    case KnownBy::time: return "time";
    case KnownBy::digest: return "digest";
  }
  return "";
}

}  // namespace

std::optional<KnownBy> known_by(std::string_view option) {
  for (const auto by : {KnownBy::name, KnownBy::size, KnownBy::time, KnownBy::digest}) {
    if (option == name_of(by)) return by;
  }
  return std::nullopt;
}

base::Result<SeenFiles> SeenFiles::of(std::string_view left, KnownBy by, Digest digest, Clock now) {
  SeenFiles made(by, std::move(digest), std::move(now));
  made.left_ = left;
  if (left.empty()) return made;
  try {
    const json list = json::parse(left);
    if (list.at("version") != kVersion)
      return base::unexpected(no_list("the list of files that an earlier run has left"));
    if (list.at("by") != name_of(by)) return base::unexpected(no_list("only_new as the last run had it"));
    for (const auto& [name, one] : list.at("files").items()) {
      made.seen_[base::from_hex(name).value_or(name)] = {
          one.value("bytes", std::int64_t{-1}), one.value("time", std::int64_t{0}), one.value("version", std::string()),
          one.value("digest", std::string()), one.value("gone", std::int64_t{0})};
    }
  } catch (const json::exception&) {
    return base::unexpected(no_list("the list of files that an earlier run has left"));
  }
  return made;
}

bool SeenFiles::same(const Seen& seen, const StoredObject& object) const {
  if (by_ == KnownBy::name) return true;
  if (seen.bytes != object.bytes) return false;
  return by_ == KnownBy::size || (seen.modified_ns == object.modified_ns && seen.version == object.version);
}

// Of one that looks as it did its content isn't read again.
base::Result<std::string> SeenFiles::digest_of(const StoredObject& object, const Seen* seen) const {
  if (by_ != KnownBy::digest) return std::string();
  if (seen != nullptr && !seen->digest.empty() && same(*seen, object)) return seen->digest;
  return digest_(object);
}

base::Result<std::size_t> SeenFiles::take_out(std::vector<StoredObject>& all) {
  std::set<std::string> contents;
  for (const auto& [name, one] : seen_) contents.insert(one.digest);
  std::vector<StoredObject> fresh;
  std::map<std::string, Seen, std::less<>> added;
  for (const auto& object : all) {
    if (object.bytes < 0) {  // standard input, a pipe: another each time
      fresh.push_back(object);
      continue;
    }
    const auto found = seen_.find(object.name);
    const Seen* const seen = found == seen_.end() ? nullptr : &found->second;
    WEIR_TRY_ASSIGN(std::string digest, digest_of(object, seen));
    const bool known = by_ == KnownBy::digest ? contents.contains(digest) : seen != nullptr && same(*seen, object);
    if (known) continue;
    contents.insert(digest);
    added[object.name] = {object.bytes, object.modified_ns, object.version, std::move(digest), 0};
    fresh.push_back(object);
  }
  changed_ = !added.empty();
  for (auto& [name, one] : added) seen_[name] = std::move(one);
  if (changed_) drop_gone(all);
  const std::size_t passed = all.size() - fresh.size();
  all = std::move(fresh);
  return passed;
}

// Nothing else would ever make the list shorter.
void SeenFiles::drop_gone(const std::vector<StoredObject>& all) {
  std::set<std::string_view> there;
  for (const auto& object : all) there.insert(object.name);
  const std::int64_t now = now_();
  for (auto at = seen_.begin(); at != seen_.end();) {
    Seen& one = at->second;
    one.gone_ns = there.contains(at->first) ? 0 : one.gone_ns == 0 ? now : one.gone_ns;
    at = one.gone_ns != 0 && now - one.gone_ns > kKeepGoneNs ? seen_.erase(at) : std::next(at);
  }
}

std::string SeenFiles::text() const {
  if (!changed_ && !left_.empty()) return left_;
  json files = json::object();
  for (const auto& [name, seen] : seen_) {
    json& one = files[base::to_hex(name)] = {{"bytes", seen.bytes}, {"time", seen.modified_ns}};
    if (!seen.version.empty()) one["version"] = seen.version;
    if (!seen.digest.empty()) one["digest"] = seen.digest;
    if (seen.gone_ns != 0) one["gone"] = seen.gone_ns;
  }
  return json{{"version", kVersion}, {"by", name_of(by_)}, {"files", std::move(files)}}.dump();
}

}  // namespace weir::pipeline
