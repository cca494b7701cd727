#include "security/signature.hpp"

#include <sys/stat.h>

#include <fstream>
#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

namespace weir::security {
namespace {

// The first key of RFC 8032's test vectors, and what `openssl pkeyutl -sign -rawin` makes with it of "DSSEv1 30
// application/vnd.weir.test+json 8 {"a":1}\n".
constexpr const char* kKey =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE "
    "KEY-----\n";
constexpr const char* kPublic = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
constexpr const char* kFingerprint = "SHA256:If4x36FUomFia/hUBG/SJxt77UtqvkWqWId+9H+XIbk";
constexpr const char* kSigned =
    "HVgVJoYjVzKzJ9MrthHECpoN0OqT+r9jTGoMxOKkrxjSzvnz7wJptGdKFyluIIUjMNLnRptVq4leNPGD6s4UDA==";
constexpr std::string_view kSignedType = "application/vnd.weir.test+json";
constexpr std::string_view kSignedDocument = "{\"a\":1}\n";

std::filesystem::path written(const test::Folder& folder, const std::string& name, std::string_view text) {
  std::ofstream(folder.path() / name) << text;
  return folder.path() / name;
}

Signature known_signature() {
  Signature signature{kFingerprint, {}};
  REQUIRE(from_base64(kSigned, signature.bytes));
  return signature;
}

PublicKey known_key() {
  PublicKey key;
  REQUIRE(PublicKey::from_text(kPublic, key));
  return key;
}

}  // namespace

TEST_CASE("signatures are those that OpenSSL's program makes") {
  const test::Folder folder;
  const auto key = PrivateKey::read(written(folder, "k.key", kKey), "");
  REQUIRE(key);
  CHECK(key->public_key().text() == kPublic);
  CHECK(key->public_key().fingerprint() == kFingerprint);
  const auto signature = key->sign(kSignedType, kSignedDocument);
  REQUIRE(signature);
  CHECK(to_base64(signature->bytes) == kSigned);
  CHECK(signature->key == kFingerprint);
}

TEST_CASE("a signature is of one document, one type and one key") {
  const Signature right = known_signature();
  const PublicKey key = known_key();
  CHECK(key.signed_this(kSignedType, kSignedDocument, right));
  CHECK_FALSE(key.signed_this(kSignedType, "{\"a\":2}\n", right));
  CHECK_FALSE(key.signed_this("application/vnd.weir.other+json", kSignedDocument, right));
  CHECK_FALSE(key.signed_this(std::string(kSignedType) + " 8", kSignedDocument, right));
  for (std::size_t i = 0; i < right.bytes.size(); ++i) {
    Signature wrong = right;
    wrong.bytes[i] = static_cast<char>(wrong.bytes[i] ^ 1);
    CHECK_FALSE(key.signed_this(kSignedType, kSignedDocument, wrong));
  }
  CHECK_FALSE(key.signed_this(kSignedType, kSignedDocument, {kFingerprint, right.bytes.substr(0, 63)}));
  CHECK_FALSE(PrivateKey::make()->public_key().signed_this(kSignedType, kSignedDocument, right));
}

TEST_CASE("a key comes back from its file, which its owner alone may read") {
  const test::Folder folder;
  const std::string passphrase = GENERATE(std::string(), std::string("a long one, with spaces"));
  const auto path = folder.path() / "new.key";
  const auto made = PrivateKey::make();
  REQUIRE(made);
  REQUIRE(made->write(path, passphrase));
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  const auto again = PrivateKey::read(path, passphrase);
  REQUIRE(again);
  CHECK(again->public_key() == made->public_key());
  if (passphrase.empty()) return;
  CHECK(PrivateKey::read(path, "").error().code == "key.passphrase");
  CHECK(PrivateKey::read(path, "wrong").error().code == "key.passphrase");
}

TEST_CASE("base64 is strict, for a text must have one spelling") {
  std::string bytes;
  for (const std::string_view text : {"", "AA==", "AAA=", "AAAA", "+/+/"}) {
    REQUIRE(from_base64(text, bytes));
    CHECK(to_base64(bytes) == text);
  }
  for (const std::string_view text : {"A", "AA", "AAA", "A===", "====", "AB==", "AAB=", "AA= ", " AA=", "AA\n=",
                                      "AAAA\n", "AA-_", "AA==AAAA", "=AAA", "A=A="})
    CHECK_FALSE(from_base64(text, bytes));
}

TEST_CASE("signatures come back from their text") {
  const auto parsed = parse_signatures(signatures_text(kSignedType, {known_signature()}), kSignedType, "s");
  REQUIRE(parsed);
  REQUIRE(parsed->size() == 1);
  CHECK(known_key().signed_this(kSignedType, kSignedDocument, parsed->front()));
}

TEST_CASE("what is no key and no signature is told as the golden file says") {
  const test::Folder folder;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "signatures.txt");
  told.hide(folder.path().string(), "FOLDER");
  const auto key = PrivateKey::make();
  REQUIRE(key);
  REQUIRE(key->write(folder.path() / "locked.key", "right"));
  told.tell_failure("no file", PrivateKey::read(folder.path() / "gone.key", ""));
  told.tell_failure("a folder", PrivateKey::read(folder.path(), ""));
  told.tell_failure("no key", PrivateKey::read(written(folder, "a.txt", "hello"), ""));
  told.tell_failure("too long", PrivateKey::read(written(folder, "b.txt", std::string(20'000, 'x')), ""));
  told.tell_failure("encrypted", PrivateKey::read(folder.path() / "locked.key", ""));
  told.tell_failure("another passphrase", PrivateKey::read(folder.path() / "locked.key", "wrong"));
  told.tell_failure("a key that is there", key->write(folder.path() / "locked.key", ""));
  told.tell_failure("a folder that is not there", key->write(folder.path() / "none" / "k.key", ""));
  for (const std::string_view text :
       {"x", "[]", "{}", R"({"weir_signatures":2})", R"({"weir_signatures":1,"type":"other","signatures":[]})",
        R"({"weir_signatures":1,"type":"t","signatures":{}})", R"({"weir_signatures":1,"type":"t","signatures":[1]})",
        R"({"weir_signatures":1,"type":"t","signatures":[{"key":"k","signature":"AAAA"}]})"})
    told.tell_failure(std::string(text), parse_signatures(text, "t", "package.sig"));
  told.end();
}

}  // namespace weir::security
