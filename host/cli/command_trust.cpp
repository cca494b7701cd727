// weir plugin trust add, list, remove, revoke, policy
#include "cli/commands.hpp"
#include "cli/usage.hpp"
#include "security/trusted_keys.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using security::TrustedKey;
using security::TrustedKeys;

struct TrustWords {
  std::string key, reason, policy, from;
};

base::Result<TrustedKeys> trusted() { return TrustedKeys::read(TrustedKeys::file_of_user()); }
base::Result<TrustedKeys> changed(const std::function<base::Result<void>(TrustedKeys&)>& change) {
  return TrustedKeys::change(TrustedKeys::file_of_user(), change);
}

std::string key_line(const TrustedKey& key) {
  return key.key.name + "  " + key.key.key.fingerprint() +
         (key.key.expires.empty() ? "" : "  expires " + key.key.expires) +
         (key.revoked.empty() ? "" : "  revoked: " + key.revoked) + "\n";
}

ordered_json key_json(const TrustedKey& key) {
  ordered_json object{{"name", key.key.name}, {"fingerprint", key.key.key.fingerprint()}};
  if (!key.key.expires.empty()) object["expires"] = key.key.expires;
  if (!key.revoked.empty()) object["revoked"] = key.revoked;
  return object;
}

std::string policy_line(const security::SignaturePolicies& policies) {
  return "policy  index: " + security::word_of(policies.index) + ", file: " + security::word_of(policies.file) + "\n";
}

ordered_json policy_json(const security::SignaturePolicies& policies) {
  return {{"index", security::word_of(policies.index)}, {"file", security::word_of(policies.file)}};
}

int list_keys_command(Output& output) {
  const auto keys = trusted();
  if (!keys) return output.fail(keys.error());
  std::string text;
  ordered_json list = ordered_json::array();
  for (const TrustedKey& key : keys->keys()) {
    text += key_line(key);
    list.push_back(key_json(key));
    for (const auto& [plugin, signer] : keys->bound()) {
      if (signer != key.key.key.fingerprint()) continue;
      text += "    signs " + plugin + "\n";
      list.back()["plugins"].push_back(plugin);
    }
  }
  if (text.empty()) text = "no key is trusted: weir plugin trust add FILE.pub\n";
  return output.succeed(text + policy_line(keys->policies()),
                        {{"keys", std::move(list)}, {"policy", policy_json(keys->policies())}});
}

int add_command(const TrustWords& words, Output& output) {
  const auto key = security::read_key(words.key);
  if (!key) return output.fail(key.error());
  const auto done = changed([&key](TrustedKeys& keys) { return keys.add(*key); });
  if (!done) return output.fail(done.error());
  const TrustedKey added{*key, {}};
  return output.succeed("trusted: " + key_line(added), key_json(added));
}

// Without a word it tells what holds.
int policy_command(const TrustWords& words, Output& output) {
  const auto policy = security::policy_of(words.policy);
  const auto set = [&](TrustedKeys& keys) -> base::Result<void> {
    security::SignaturePolicies policies = keys.policies();
    if (words.from != "file") policies.index = *policy;
    if (words.from != "index") policies.file = *policy;
    keys.set_policies(policies);
    return {};
  };
  const auto keys = policy ? changed(set) : trusted();
  if (!keys) return output.fail(keys.error());
  return output.succeed(policy_line(keys->policies()), {{"policy", policy_json(keys->policies())}});
}

// Changes one key, and tells it.
template <class Change>
int change(const std::string& what, Output& output, const Change& change_it) {
  TrustedKey key;
  const auto done = changed([&](TrustedKeys& keys) -> base::Result<void> {
    WEIR_TRY_ASSIGN(key, change_it(keys));
    return {};
  });
  if (!done) return output.fail(done.error());
  return output.succeed(what + ": " + key_line(key), key_json(key));
}

void add_policy(CLI::App& trust, Action& action) {
  auto words = std::make_shared<TrustWords>();
  CLI::App& policy = *trust.add_subcommand(
      "policy",
      "keeps what becomes of plugins that no trusted key has signed, unless --signatures says otherwise; tells it");
  CLI::Option* const word = policy
                                .add_option("POLICY", words->policy,
                                            "require: only what a trusted key signed; warn: also what nobody known "
                                            "signed, with a warning; off: signatures are not looked at")
                                ->check(one_of({"require", "warn", "off"}));
  policy
      .add_option("--for", words->from,
                  "index: of plugins from an index or a server (require, if nothing is said); file: of files on this "
                  "machine (warn); both, if it is left out")
      ->check(one_of({"index", "file"}))
      ->needs(word);
  policy.callback([words, &action] { action = [words](Output& output) { return policy_command(*words, output); }; });
}

}  // namespace

void add_plugin_trust(CLI::App& plugin, Action& action) {
  CLI::App& trust = *plugin.add_subcommand("trust", "says whose signatures are believed");
  trust.require_subcommand(1);
  trust.add_subcommand("list", "lists the trusted keys, the plugins that each signs, and the policy")
      ->callback([&action] { action = list_keys_command; });
  auto words = std::make_shared<TrustWords>();
  CLI::App& add = *trust.add_subcommand(
      "add", "trusts a key; compare its fingerprint with one that you got from its owner by another way");
  add.add_option("FILE", words->key, "the public key, NAME.pub")->required();
  add.callback([words, &action] { action = [words](Output& output) { return add_command(*words, output); }; });
  CLI::App& remove = *trust.add_subcommand("remove", "forgets a key, and what it signs");
  remove.add_option("KEY", words->key, "its name or fingerprint")->required();
  remove.callback([words, &action] {
    action = [words](Output& output) {
      return change("removed", output, [&](TrustedKeys& keys) { return keys.remove(words->key); });
    };
  });
  CLI::App& revoke = *trust.add_subcommand("revoke", "believes nothing of a key any more, whatever it has signed");
  revoke.add_option("KEY", words->key, "its name or fingerprint")->required();
  revoke.add_option("--reason", words->reason, "why; it is told whenever the key is met")->required();
  revoke.callback([words, &action] {
    action = [words](Output& output) {
      return change("revoked", output, [&](TrustedKeys& keys) { return keys.revoke(words->key, words->reason); });
    };
  });
  add_policy(trust, action);
}

}  // namespace weir::cli
