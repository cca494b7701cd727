// weir plugin index build, refresh, verify: for whoever serves one
#include "cli/signing.hpp"
#include "packages/command_network.hpp"
#include "packages/commands.hpp"
#include "packages/index_check.hpp"
#include "packages/installed.hpp"

namespace weir::packages {
namespace {

using cli::IndexWords;
using cli::Output;
using nlohmann::ordered_json;
using security::TrustedKeys;

std::string head_of_index(const Index& index) {
  return "index.json  version " + std::to_string(index.version) + ", valid before " + index.expires + "\n";
}

ordered_json json_of_index(const Index& index) {
  return {{"version", index.version}, {"expires", index.expires}, {"packages", index.releases.size()}};
}

// Whose signature an index must have: that of the key that is given, else any that is trusted.
base::Result<TrustedKeys> keys_for(const IndexWords& words, std::string& fingerprint) {
  if (words.key.empty()) return TrustedKeys::read(TrustedKeys::file_of_user());
  WEIR_TRY_ASSIGN(const security::NamedKey key, security::read_key(words.key));
  fingerprint = key.key.fingerprint();
  TrustedKeys keys;
  WEIR_TRY(keys.add(key));
  return keys;
}

}  // namespace

int build_index_command(const IndexWords& words, Output& output) {
  const auto key = security::PrivateKey::read(words.key, cli::key_passphrase());
  if (!key) return output.fail(key.error());
  BuildRequest request{words.place, words.expires, {}, {}};
  if (!words.yank.empty()) request.yank[words.yank] = words.reason;
  if (!words.revoke.empty()) request.revoke.push_back({words.revoke, words.reason});
  const auto index = build_index(request, *key);
  if (!index) return output.fail(index.error());
  std::string text;
  for (const auto& release : index->releases) {
    text += "  " + title(release.info) + (release.signers.empty() ? "  not signed" : "") +
            (release.yanked.empty() ? "" : "  yanked: " + release.yanked) + "\n";
  }
  return output.succeed(head_of_index(*index) + text, json_of_index(*index));
}

int refresh_index_command(const IndexWords& words, Output& output) {
  const auto key = security::PrivateKey::read(words.key, cli::key_passphrase());
  if (!key) return output.fail(key.error());
  const auto index = refresh_index(words.place, words.expires, *key);
  if (!index) return output.fail(index.error());
  return output.succeed(head_of_index(*index), json_of_index(*index));
}

int verify_index_command(const IndexWords& words, Output& output) {
  Source source;
  const auto keys = keys_for(words, source.key);
  if (!keys) return output.fail(keys.error());
  auto network = network_of(words.network);
  if (!network) return output.fail(network.error());
  source.network = std::move(*network);
  hide_passwords(output, source.network, {words.place});
  const auto place = place_of(words.place);
  if (!place) return output.fail(place.error());
  source.places = {*place};
  source.name = source.shown();
  ordered_json list = ordered_json::array();
  std::string text;
  const auto check = check_index(source, *keys, today(), [&](const auto& release, bool right) {
    text += "  " + title(release.info) + (right ? "  right\n" : "  wrong\n");
    list.push_back({{"name", release.info.name}, {"version", release.info.version_text}, {"right", right}});
  });
  if (!check) return output.fail(check.error());
  if (!check->problems.empty()) {
    base::Error first = check->problems.front();
    first.also.assign(check->problems.begin() + 1, check->problems.end());
    return output.fail(first, {{"plugins", std::move(list)}});
  }
  ordered_json told = json_of_index(check->opened.index);
  told["signer"] = check->opened.signer;
  told["plugins"] = std::move(list);
  return output.succeed(head_of_index(check->opened.index) + "  signed by " + check->opened.signer + "\n" + text, told);
}

}  // namespace weir::packages
