#include "security/trusted_keys.hpp"

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

namespace weir::security {
namespace {

using Verdict = Belief::Verdict;
constexpr std::string_view kType = "t", kDocument = "d", kDay = "2026-11-27";

// A key, and what it signs.
struct Signer {
  explicit Signer(std::string name, std::string expires = {})
      : secret(*PrivateKey::make()), named{secret.public_key(), std::move(name), std::move(expires)} {}
  Signature sign() const { return *secret.sign(kType, kDocument); }
  std::string fingerprint() const { return named.key.fingerprint(); }

  PrivateKey secret;
  NamedKey named;
};

Verdict verdict(const TrustedKeys& keys, const std::vector<Signature>& signatures, std::string_view day = kDay) {
  return keys.belief("orders", kType, kDocument, signatures, day).verdict;
}

std::filesystem::path file_in(const test::Folder& folder) { return folder.path() / "config/trusted_keys.json"; }

TrustedKeys none(const test::Folder& folder) { return *TrustedKeys::read(file_in(folder)); }

// Whether it could be written.
bool change(const test::Folder& folder, const std::function<void(TrustedKeys&)>& how) {
  const auto changed = TrustedKeys::change(file_in(folder), [&how](TrustedKeys& keys) -> base::Result<void> {
    how(keys);
    return {};
  });
  return changed.has_value();
}

}  // namespace

TEST_CASE("a signature is believed if its key is trusted, and right") {
  const test::Folder folder;
  TrustedKeys keys = none(folder);
  const Signer acme("acme"), other("other");
  CHECK(verdict(keys, {}) == Verdict::unsigned_);
  CHECK(verdict(keys, {acme.sign()}) == Verdict::unknown);
  REQUIRE(keys.add(acme.named));
  CHECK(verdict(keys, {acme.sign()}) == Verdict::trusted);
  CHECK(verdict(keys, {other.sign(), acme.sign()}) == Verdict::trusted);
  Signature wrong = acme.sign();
  wrong.bytes[7] = static_cast<char>(wrong.bytes[7] ^ 4);
  CHECK(verdict(keys, {wrong}) == Verdict::wrong);
  CHECK(verdict(keys, {acme.sign(), wrong}) == Verdict::wrong);
  Signature in_its_name = other.sign();
  in_its_name.key = acme.fingerprint();
  CHECK(verdict(keys, {in_its_name}) == Verdict::wrong);
  in_its_name.key = "acme";  // a name is no fingerprint
  CHECK(verdict(keys, {in_its_name}) == Verdict::unknown);
}

TEST_CASE("a key that has expired or was revoked is not believed") {
  const test::Folder folder;
  TrustedKeys keys = none(folder);
  const Signer acme("acme", "2026-11-28");
  REQUIRE(keys.add(acme.named));
  CHECK(verdict(keys, {acme.sign()}, "2026-11-27") == Verdict::trusted);
  CHECK(verdict(keys, {acme.sign()}, "2026-11-28") == Verdict::expired);
  REQUIRE(keys.revoke("acme", "its owner lost a laptop"));
  CHECK(verdict(keys, {acme.sign()}) == Verdict::revoked);
  CHECK(keys.belief("orders", kType, kDocument, {acme.sign()}, kDay).detail == "its owner lost a laptop");
  CHECK(keys.add(acme.named).error().code == "trust.revoked");
}

TEST_CASE("a policy is kept, and what a file does not say has its default") {
  const test::Folder folder;
  CHECK(none(folder).policies().index == SignaturePolicy::require);
  CHECK(none(folder).policies().file == SignaturePolicy::warn);
  for (const auto policy : {SignaturePolicy::off, SignaturePolicy::warn, SignaturePolicy::require}) {
    CHECK(policy_of(word_of(policy)) == policy);
    REQUIRE(change(folder, [policy](TrustedKeys& keys) { keys.set_policies({policy, SignaturePolicy::off}); }));
    CHECK(none(folder).policies().index == policy);
    CHECK(none(folder).policies().file == SignaturePolicy::off);
  }
  CHECK_FALSE(policy_of("Warn"));
  std::ofstream(folder.path() / "config/trusted_keys.json")
      << R"({"weir_trusted_keys": 1, "keys": [], "plugins": {}, "policy": {"file": "require"}})";
  CHECK(none(folder).policies().index == SignaturePolicy::require);
  CHECK(none(folder).policies().file == SignaturePolicy::require);
}

TEST_CASE("a plugin stays with who signed it first, until that key is removed") {
  const test::Folder folder;
  TrustedKeys keys = none(folder);
  const Signer acme("acme"), other("other");
  REQUIRE(keys.add(acme.named));
  REQUIRE(keys.add(other.named));
  keys.bind("orders", acme.fingerprint());
  keys.bind("orders", other.fingerprint());  // the first one counts
  CHECK(verdict(keys, {acme.sign()}) == Verdict::trusted);
  CHECK(verdict(keys, {other.sign()}) == Verdict::other_signer);
  CHECK(verdict(keys, {other.sign(), acme.sign()}) == Verdict::trusted);
  REQUIRE(keys.remove(acme.fingerprint()));
  CHECK(keys.bound().empty());
  CHECK(verdict(keys, {other.sign()}) == Verdict::trusted);
}

TEST_CASE("many who change what is trusted at once lose nothing of one another") {
  const test::Folder folder;
  std::vector<std::thread> many;
  std::atomic<int> failed{0};
  for (int who = 0; who < 4; ++who) {
    many.emplace_back([&folder, &failed, who] {
      for (int i = 0; i < 10; ++i) {
        const std::string plugin = "p" + std::to_string(10 * who + i);
        if (!change(folder, [&plugin](TrustedKeys& keys) { keys.bind(plugin, "somebody"); })) ++failed;
      }
    });
  }
  for (auto& one : many) one.join();
  CHECK(failed == 0);
  CHECK(none(folder).bound().size() == 40);
}

TEST_CASE("a change that fails leaves the file as it was") {
  const test::Folder folder;
  REQUIRE(change(folder, [](TrustedKeys& keys) { keys.bind("orders", "somebody"); }));
  const auto refused = TrustedKeys::change(file_in(folder), [](TrustedKeys& keys) -> base::Result<void> {
    keys.unbind("orders");
    WEIR_TRY(keys.remove("nobody"));
    return {};
  });
  CHECK(refused.error().code == "trust.unknown");
  CHECK(none(folder).bound().contains("orders"));
}

TEST_CASE("what is trusted comes back from its file") {
  const test::Folder folder;
  const Signer acme("Acme, Inc. \xC3\xA9", "2030-02-28"), other("other");
  REQUIRE(change(folder, [&](TrustedKeys& keys) {
    REQUIRE(keys.add(acme.named));
    REQUIRE(keys.add(other.named));
    REQUIRE(keys.revoke("other", "why"));
    keys.bind("orders", acme.fingerprint());
  }));
  const TrustedKeys keys = none(folder);
  REQUIRE(keys.keys().size() == 2);
  CHECK(keys.keys()[0].key.name == acme.named.name);
  CHECK(keys.keys()[0].key.expires == "2030-02-28");
  CHECK(keys.keys()[1].revoked == "why");
  CHECK(keys.bound().at("orders") == acme.fingerprint());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path() / "config"), {}) == 1);
}

TEST_CASE("days are days that there are") {
  for (const std::string_view day : {"2026-11-27", "2028-02-29", "0001-01-01"}) CHECK(is_day(day));
  for (const std::string_view text : {"", "2026-11-7", "2027-02-29", "2026-13-01", "2026-00-10", "2026/11/27",
                                      "20261-1-27", "-026-11-27", "2026-11-27 "})
    CHECK_FALSE(is_day(text));
}

TEST_CASE("what is wrong with keys and trust is told as the golden file says") {
  const test::Folder folder;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "trust.txt");
  told.hide(folder.path().string(), "FOLDER");
  const auto file = folder.path() / "trusted_keys.json";
  const auto tell = [&](const std::string& text) {
    std::ofstream(file) << text;
    told.tell_failure(text, TrustedKeys::read(file));
  };
  for (
      const char* const text :
      {"x", "{}", R"({"weir_key":1})", R"({"weir_key":1,"algorithm":"ed25519","public":"AAAA","name":"a"})",
       R"({"weir_key":1,"algorithm":"ed25519","public":"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=","name":""})",
       R"({"weir_key":1,"algorithm":"ed25519","public":"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=","name":"a","expires":"soon"})"})
    told.tell_failure(text, parse_key(text, "a.pub"));
  told.tell_failure("a key that is not there", read_key(folder.path() / "gone.pub"));
  tell("no JSON");
  tell(R"({"weir_trusted_keys":2,"keys":[],"plugins":{}})");
  tell(R"({"weir_trusted_keys":1,"keys":[1],"plugins":{}})");
  tell(R"({"weir_trusted_keys":1,"keys":[],"plugins":{"a":1}})");
  tell(R"({"weir_trusted_keys":1,"keys":[],"plugins":{},"policy":"off"})");
  tell(R"({"weir_trusted_keys":1,"keys":[],"plugins":{},"policy":{"index":"of"}})");
  tell(R"({"weir_trusted_keys":1,"keys":[],"plugins":{},"policy":{"file":1}})");
  told.tell_failure("a folder", TrustedKeys::read(folder.path()));

  TrustedKeys keys = none(folder);
  NamedKey key;
  REQUIRE(PublicKey::from_text("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", key.key));
  key.name = "acme";
  REQUIRE(keys.add(key));
  NamedKey namesake{Signer("acme").named};
  told.tell_failure("a name that another has", keys.add(namesake));
  told.tell_failure("a key that is none", keys.remove("acmee"));
  REQUIRE(keys.revoke("acme", "it was stolen"));
  told.tell_failure("a key that was revoked", keys.add(key));
  const auto nothing = [](TrustedKeys&) { return base::Result<void>(); };
  told.tell_failure("no home", TrustedKeys::change({}, nothing));
  told.tell_failure("a folder in its place", TrustedKeys::change(file / "below", nothing));
  told.end();
}

}  // namespace weir::security
