// weir plugin trust add, list, remove, revoke
#include "cli/commands.hpp"
#include "security/trusted_keys.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using security::TrustedKey;
using security::TrustedKeys;

struct TrustWords {
  std::string key, reason;
};

base::Result<TrustedKeys> trusted() { return TrustedKeys::read(TrustedKeys::file_of_user()); }

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

int list_command(Output& output) {
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
  return output.succeed(text, {{"keys", std::move(list)}});
}

int add_command(const TrustWords& words, Output& output) {
  auto keys = trusted();
  if (!keys) return output.fail(keys.error());
  const auto key = security::read_key(words.key);
  if (!key) return output.fail(key.error());
  auto done = keys->add(*key);
  if (done) done = keys->write();
  if (!done) return output.fail(done.error());
  const TrustedKey added{*key, {}};
  return output.succeed("trusted: " + key_line(added), key_json(added));
}

// Changes one key, and tells it.
template <class Change>
int change(const std::string& what, Output& output, const Change& change_it) {
  auto keys = trusted();
  if (!keys) return output.fail(keys.error());
  const base::Result<TrustedKey> changed = change_it(*keys);
  if (!changed) return output.fail(changed.error());
  if (const auto written = keys->write(); !written) return output.fail(written.error());
  return output.succeed(what + ": " + key_line(*changed), key_json(*changed));
}

}  // namespace

void add_plugin_trust(CLI::App& plugin, Action& action) {
  CLI::App& trust = *plugin.add_subcommand("trust", "says whose signatures are believed");
  trust.require_subcommand(1);
  trust.add_subcommand("list", "lists the trusted keys, and the plugins that each signs")->callback([&action] {
    action = list_command;
  });
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
}

}  // namespace weir::cli
