// libFuzzer target of keys, signatures and what a user trusts: any bytes are a key's file, a private key, signatures, the file of
// trusted keys. What is taken is written again as it was read; what nobody trusted signed is never believed.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "memory_file.hpp"
#include "security/trusted_keys.hpp"

namespace {

using namespace weir;
using namespace weir::security;
using fuzz::demand;

constexpr std::string_view kType = "application/vnd.weir.plugin+json";
constexpr std::string_view kDocument = "{\"weir_package\": 1}";
constexpr std::string_view kDay = "2026-11-27";

void read_base64(std::string_view text) {
  std::string bytes;
  if (from_base64(text, bytes)) demand(to_base64(bytes) == text, "there is one text in base64 for the same bytes");
  demand(from_base64(to_base64(text), bytes) && bytes == text, "what is written in base64 is read again");
}

void read_public_key(std::string_view text) {
  const auto key = parse_key(text, "fuzz.pub");
  if (!key) return;
  demand(key->expires.empty() || is_day(key->expires), "a key expires on a day");
  const std::string once = key_text(*key);
  const auto again = parse_key(once, "fuzz.pub");
  demand(again && key_text(*again) == once, "a key that is written is read as the same");
}

void read_signatures(std::string_view text) {
  const auto signatures = parse_signatures(text, kType, "fuzz.sig");
  if (!signatures) return;
  const std::string once = signatures_text(kType, *signatures);
  const auto again = parse_signatures(once, kType, "fuzz.sig");
  demand(again && signatures_text(kType, *again) == once, "signatures that are written are read as the same");
  const auto trusted = TrustedKeys::read("/nonexistent/trusted_keys.json");
  demand(trusted && trusted->belief("limit", kType, kDocument, *signatures, kDay).verdict != Belief::Verdict::trusted,
         "nothing is believed of a key that nobody trusts");
}

void read_files(std::string_view text) {
  const fuzz::MemoryFile file(text);
  static_cast<void>(PrivateKey::read(file.path(), "passphrase"));
  const auto keys = TrustedKeys::read(file.path());
  if (keys) {
    for (const auto& [plugin, signer] : keys->bound()) static_cast<void>(keys->find(signer));
    demand(keys->belief("limit", kType, kDocument, {}, kDay).verdict == Belief::Verdict::unsigned_,
           "what has no signature is unsigned");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_base64(text);
  read_public_key(text);
  read_signatures(text);
  read_files(text);
  static_cast<void>(is_day(text));
  return 0;
}
