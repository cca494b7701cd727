// TrustedKeys: whose signatures are believed, and for which plugins. One file of the user's, and what an administrator adds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "security/signature.hpp"

namespace weir::security {

// A public key with the name of its owner, as its file has it: {"weir_key": 1, "algorithm": "ed25519", "public": "BASE64", "name":
// "acme", "expires": "2028-11-27"}.
struct NamedKey {
  PublicKey key;
  std::string name;
  std::string expires;  // the first day, in UTC, on which it is not believed any more; empty: never
};

std::string key_text(const NamedKey& key);
// `file`: for messages. Error: key.not_a_key.
base::Result<NamedKey> parse_key(std::string_view text, const std::string& file);
// Reads a key's file. Errors: key.unreadable, key.not_a_key.
base::Result<NamedKey> read_key(const std::filesystem::path& path);

// Whether a text is a day, "2028-11-27", that there is.
bool is_day(std::string_view text);

struct TrustedKey {
  NamedKey key;
  std::string revoked;  // why it is not believed any more, whatever it signed; empty: it is
};

// What becomes of a plugin that nobody who is believed has signed.
enum class SignaturePolicy {
  off,   // signatures are not looked at
  warn,  // what is unsigned, or signed by who is not known, is taken with a warning; what is known to be wrong is not
  require,  // only what a trusted key has signed
};

// "off", "warn" or "require"; nothing for anything else.
std::optional<SignaturePolicy> policy_of(std::string_view word);
std::string word_of(SignaturePolicy policy);

// By where a plugin comes from.
struct SignaturePolicies {
  SignaturePolicy index = SignaturePolicy::require;  // an index, a server, or what a lock says was signed
  SignaturePolicy file = SignaturePolicy::warn;      // a file on this machine
};

// What is believed of who signed a plugin.
struct Belief {
  enum class Verdict { trusted, unsigned_, unknown, wrong, expired, revoked, other_signer };
  Verdict verdict = Verdict::unsigned_;
  std::string signer;  // the fingerprint that the verdict is about; empty: unsigned
  std::string name;    // the key's, if it is known
  std::string detail;  // expired: since when; revoked: why; other_signer: whom the plugin is bound to
};

// Threads: one caller at a time.
class TrustedKeys {
 public:
  // $XDG_CONFIG_HOME/weir/trusted_keys.json, else ~/.config/weir/…; empty: there is no home.
  static std::filesystem::path file_of_user();
  // None if the file is not there. Error: trust.damaged, trust.unreadable.
  static base::Result<TrustedKeys> read(const std::filesystem::path& path);
  // Reads the file, changes what it says, and writes it in one step, while no other process does so: what others have changed
  // since it was read before stays. Makes the folder. Gives what is written; nothing is, if `change` fails. Errors: read()'s,
  // those of `change`, trust.unwritable.
  static base::Result<TrustedKeys> change(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(TrustedKeys&)>& change);

  // Adds one, or puts it in the place of the same key. Errors: trust.name (another key has that name), trust.revoked.
  base::Result<void> add(const NamedKey& key);
  // Removes a key, by its name or fingerprint, and what was bound to it. Error: trust.unknown.
  base::Result<TrustedKey> remove(std::string_view which);
  // Believes nothing of it any more, and remembers why. Error: trust.unknown.
  base::Result<TrustedKey> revoke(std::string_view which, std::string reason);
  // Binds a plugin's name to who signed it first.
  void bind(const std::string& plugin, const std::string& fingerprint) { bound_.emplace(plugin, fingerprint); }
  void unbind(const std::string& plugin) { bound_.erase(plugin); }
  // What holds for commands that are not told otherwise.
  void set_policies(const SignaturePolicies& policies) { policies_ = policies; }

  const std::vector<TrustedKey>& keys() const { return keys_; }
  const std::map<std::string, std::string>& bound() const { return bound_; }  // plugin to fingerprint
  const SignaturePolicies& policies() const { return policies_; }
  const TrustedKey* find(std::string_view name_or_fingerprint) const;

  // What is believed of a document of `plugin` with these signatures on a day ("2026-11-27"). A wrong signature of a trusted key is
  // the verdict, whatever others there are; else one that is trusted is; else the first one's trouble.
  Belief belief(const std::string& plugin, std::string_view type, std::string_view document,
                const std::vector<Signature>& signatures, std::string_view day) const;

 private:
  base::Result<void> write() const;
  Belief of_one(const std::string& plugin, std::string_view type, std::string_view document, const Signature& signature,
                std::string_view day) const;

  std::filesystem::path path_;
  std::vector<TrustedKey> keys_;
  std::map<std::string, std::string> bound_;
  SignaturePolicies policies_;
};

}  // namespace weir::security
