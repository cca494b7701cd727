#include "security/trusted_keys.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/user_folder.hpp"
#include "base/utf8.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"

namespace weir::security {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kTrustFormat = 1;
constexpr std::size_t kMaxPublicKeyBytes = 16U << 10U;
constexpr std::size_t kMaxTrustBytes = 4U << 20U;
constexpr std::size_t kMaxName = 100;

base::Error trust_error(std::string code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::manifest, std::move(code), std::move(message))
      .with_hint(std::move(hint));
}

bool has_text_or_none(const ordered_json& object, const char* member) {
  const auto found = object.find(member);
  return found == object.end() || found->is_string();
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kMaxName && base::is_utf8(name) &&
         std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

ordered_json json_of(const NamedKey& key) {
  ordered_json object{{"algorithm", "ed25519"}, {"public", key.key.text()}, {"name", key.name}};
  if (!key.expires.empty()) object["expires"] = key.expires;
  return object;
}

// Empty: it is a key. Else what was found.
std::string key_of(const ordered_json& object, NamedKey& key) {
  if (!object.is_object()) return "no JSON object";
  if (text_member(object, "algorithm") != "ed25519") return "another algorithm";
  if (!PublicKey::from_text(text_member(object, "public"), key.key)) return "no 32 bytes in base64 under 'public'";
  key.name = text_member(object, "name");
  if (!is_name(key.name)) return "no name of at most 100 bytes";
  key.expires = text_member(object, "expires");
  if (!has_text_or_none(object, "expires") || (!key.expires.empty() && !is_day(key.expires)))
    return "no day such as 2028-11-27 under 'expires'";
  return {};
}

base::Error not_a_public_key(const std::string& file, const std::string& found) {
  return trust_error("key.not_a_key", file + ": expected a public key, found " + found,
                     "it is the file NAME.pub that weir plugin key new writes");
}

base::Error damaged_keys(const fs::path& path, const std::string& found) {
  return trust_error("trust.damaged", path.string() + ": expected trusted keys, found " + found,
                     "repair it, or remove it and add the keys again with weir plugin trust add");
}

// Of one place that plugins come from: what the file says, if it says anything. False: it is no policy.
bool take_policy(const ordered_json& object, const char* from, SignaturePolicy& policy) {
  const auto found = object.find(from);
  if (found == object.end()) return true;
  const auto said = found->is_string() ? policy_of(found->get<std::string>()) : std::nullopt;
  if (said) policy = *said;
  return said.has_value();
}

// False: it is none. What is not there keeps its default.
bool take_policies(const ordered_json& file, SignaturePolicies& policies) {
  const auto found = file.find("policy");
  if (found == file.end()) return true;
  return found->is_object() && take_policy(*found, "index", policies.index) &&
         take_policy(*found, "file", policies.file);
}

base::Error unknown(std::string_view which) {
  return trust_error("trust.unknown",
                     "expected the name or fingerprint of a trusted key, found '" + std::string(which) + "'",
                     "weir plugin trust list shows them");
}

}  // namespace

bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int parts[3] = {0, 0, 0};
  std::size_t part = 0;
  for (const char c : text) {
    if (c == '-') {
      ++part;
    } else if (c < '0' || c > '9' || part > 2) {
      return false;
    } else {
      parts[part] = parts[part] * 10 + (c - '0');
    }
  }
  using namespace std::chrono;
  return part == 2 &&
         year_month_day(year(parts[0]), month(static_cast<unsigned>(parts[1])), day(static_cast<unsigned>(parts[2])))
             .ok();
}

std::optional<SignaturePolicy> policy_of(std::string_view word) {
  if (word == "off") return SignaturePolicy::off;
  if (word == "warn") return SignaturePolicy::warn;
  return word == "require" ? std::optional(SignaturePolicy::require) : std::nullopt;
}

std::string word_of(SignaturePolicy policy) {
  if (policy == SignaturePolicy::off) return "off";
  return policy == SignaturePolicy::warn ? "warn" : "require";
}

std::string key_text(const NamedKey& key) {
  ordered_json object{{"weir_key", kTrustFormat}};
  object.update(json_of(key));
  return object.dump() + "\n";
}

base::Result<NamedKey> parse_key(std::string_view text, const std::string& file) {
  const auto object = parse_document(text);
  NamedKey key;
  if (!object.is_object() || object.value("weir_key", ordered_json()) != kTrustFormat)
    return base::unexpected(not_a_public_key(file, "something else"));
  if (std::string found = key_of(object, key); !found.empty()) return base::unexpected(not_a_public_key(file, found));
  return key;
}

base::Result<NamedKey> read_key(const fs::path& path) {
  std::string text;
  FileProblem problem;
  if (read_file(path, kMaxPublicKeyBytes, text, problem)) return parse_key(text, path.string());
  if (problem.number == EFBIG) return base::unexpected(not_a_public_key(path.string(), "a long file"));
  return base::unexpected(trust_error("key.unreadable",
                                      path.string() + ": expected a public key, found: " + problem.text(),
                                      "see that the file is there and may be read"));
}

fs::path TrustedKeys::file_of_user() {
  const fs::path folder = base::user_folder("XDG_CONFIG_HOME", ".config");
  return folder.empty() ? folder : folder / "trusted_keys.json";
}

base::Result<TrustedKeys> TrustedKeys::read(const fs::path& path) {
  TrustedKeys trusted;
  trusted.path_ = path;
  std::string text;
  FileProblem problem;
  if (path.empty()) return trusted;
  if (!read_file(path, kMaxTrustBytes, text, problem)) {
    if (problem.number == ENOENT || problem.number == ENOTDIR) return trusted;
    return base::unexpected(trust_error("trust.unreadable",
                                        path.string() + ": expected trusted keys, found: " + problem.text(),
                                        "see that the file may be read"));
  }
  const auto object = parse_document(text);
  if (!object.is_object() || object.value("weir_trusted_keys", ordered_json()) != kTrustFormat ||
      !object.contains("keys") || !object["keys"].is_array() || !object.contains("plugins") ||
      !object["plugins"].is_object())
    return base::unexpected(damaged_keys(path, "something else"));
  for (const auto& one : object["keys"]) {
    TrustedKey key;
    if (std::string found = key_of(one, key.key); !found.empty()) return base::unexpected(damaged_keys(path, found));
    if (!has_text_or_none(one, "revoked")) return base::unexpected(damaged_keys(path, "no text under 'revoked'"));
    key.revoked = text_member(one, "revoked");
    trusted.keys_.push_back(std::move(key));
  }
  for (const auto& [plugin, key] : object["plugins"].items()) {
    if (!key.is_string())
      return base::unexpected(damaged_keys(path, "no fingerprint under '" + base::printable(plugin) + "'"));
    trusted.bound_.emplace(plugin, key.get<std::string>());
  }
  if (!take_policies(object, trusted.policies_))
    return base::unexpected(damaged_keys(path, "no require, warn or off for 'index' and 'file' under 'policy'"));
  return trusted;
}

base::Result<TrustedKeys> TrustedKeys::change(const fs::path& path,
                                              const std::function<base::Result<void>(TrustedKeys&)>& change) {
  const FolderLock lock(path.parent_path());
  WEIR_TRY_ASSIGN(TrustedKeys keys, read(path));
  WEIR_TRY(change(keys));
  WEIR_TRY(keys.write());
  return keys;
}

base::Result<void> TrustedKeys::write() const {
  ordered_json keys = ordered_json::array();
  for (const TrustedKey& key : keys_) {
    keys.push_back(json_of(key.key));
    if (!key.revoked.empty()) keys.back()["revoked"] = key.revoked;
  }
  const ordered_json policy{{"index", word_of(policies_.index)}, {"file", word_of(policies_.file)}};
  const ordered_json object{
      {"weir_trusted_keys", kTrustFormat}, {"keys", std::move(keys)}, {"plugins", bound_}, {"policy", policy}};
  FileProblem problem;
  if (replace_file_of_user(path_, object.dump(1) + "\n", problem)) return {};
  const std::string where = path_.empty() ? "no home" : path_.string();
  return base::unexpected(trust_error("trust.unwritable",
                                      where + ": expected to write trusted keys, found: " + problem.text(),
                                      "set XDG_CONFIG_HOME to a folder that can be written"));
}

base::Result<void> TrustedKeys::add(const NamedKey& key) {
  for (TrustedKey& one : keys_) {
    const bool same = one.key.key == key.key;
    if (same && !one.revoked.empty()) {
      return base::unexpected(trust_error(
          "trust.revoked", "expected a key that is not revoked, found '" + one.key.name + "', which is: " + one.revoked,
          "ask its owner for the key that came after it; weir plugin trust remove forgets this one"));
    }
    if (!same && one.key.name == key.name) {
      return base::unexpected(trust_error("trust.name",
                                          "expected a name that no trusted key has, found '" + key.name + "', which " +
                                              one.key.key.fingerprint() + " has",
                                          "remove that one first, or ask the owner for a key with another name"));
    }
    if (!same) continue;
    one.key = key;
    return {};
  }
  keys_.push_back({key, {}});
  return {};
}

const TrustedKey* TrustedKeys::find(std::string_view which) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [which](const TrustedKey& one) {
    return one.key.name == which || one.key.key.fingerprint() == which;
  });
  return found == keys_.end() ? nullptr : &*found;
}

base::Result<TrustedKey> TrustedKeys::remove(std::string_view which) {
  const TrustedKey* const found = find(which);
  if (found == nullptr) return base::unexpected(unknown(which));
  TrustedKey removed = *found;
  const std::string fingerprint = removed.key.key.fingerprint();
  std::erase_if(bound_, [&fingerprint](const auto& one) { return one.second == fingerprint; });
  keys_.erase(keys_.begin() + (found - keys_.data()));
  return removed;
}

base::Result<TrustedKey> TrustedKeys::revoke(std::string_view which, std::string reason) {
  const TrustedKey* const found = find(which);
  if (found == nullptr) return base::unexpected(unknown(which));
  TrustedKey& key = keys_[static_cast<std::size_t>(found - keys_.data())];
  key.revoked = std::move(reason);
  return key;
}

Belief TrustedKeys::of_one(const std::string& plugin, std::string_view type, std::string_view document,
                           const Signature& signature, std::string_view day) const {
  using Verdict = Belief::Verdict;
  const TrustedKey* const key = find(signature.key);
  if (key == nullptr || key->key.key.fingerprint() != signature.key) return {Verdict::unknown, signature.key, {}, {}};
  Belief belief{Verdict::trusted, signature.key, key->key.name, {}};
  const auto bound = bound_.find(plugin);
  if (!key->key.key.signed_this(type, document, signature)) {
    belief.verdict = Verdict::wrong;
  } else if (!key->revoked.empty()) {
    belief.verdict = Verdict::revoked;
    belief.detail = key->revoked;
  } else if (!key->key.expires.empty() && day >= key->key.expires) {
    belief.verdict = Verdict::expired;
    belief.detail = key->key.expires;
  } else if (bound != bound_.end() && bound->second != signature.key) {
    const TrustedKey* const other = find(bound->second);
    belief.verdict = Verdict::other_signer;
    belief.detail = other == nullptr ? bound->second : "'" + other->key.name + "' (" + bound->second + ")";
  }
  return belief;
}

Belief TrustedKeys::belief(const std::string& plugin, std::string_view type, std::string_view document,
                           const std::vector<Signature>& signatures, std::string_view day) const {
  Belief best;
  for (const Signature& signature : signatures) {
    Belief one = of_one(plugin, type, document, signature, day);
    if (one.verdict == Belief::Verdict::wrong) return one;
    const bool better = best.verdict == Belief::Verdict::unsigned_ ||
                        (one.verdict == Belief::Verdict::trusted && best.verdict != Belief::Verdict::trusted);
    if (better) best = std::move(one);
  }
  return best;
}

}  // namespace weir::security
