// Signatures: Ed25519 (RFC 8032) by OpenSSL, over the pre-authentication encoding of DSSE (github.com/secure-systems-lab/dsse), so
// that what was signed as one kind of document is never taken for another.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "security/small_file.hpp"

struct evp_pkey_st;

namespace weir::security {

std::string to_base64(std::string_view bytes);
// Strict: whole groups of four, padded, nothing between. False: it is none.
bool from_base64(std::string_view text, std::string& bytes);

struct Signature {
  std::string key;  // the fingerprint of who signed
  std::string bytes;
};

// A value. Threads: as one.
class PublicKey {
 public:
  static constexpr std::size_t kBytes = 32;

  PublicKey() = default;
  explicit PublicKey(const std::array<std::uint8_t, kBytes>& bytes) : bytes_(bytes) {}
  // False: it is no key in base64.
  static bool from_text(std::string_view base64, PublicKey& key);

  std::string text() const;  // in base64
  // "SHA256:" and the base64 of the key's SHA-256, without its padding: what people compare.
  std::string fingerprint() const;
  // Whether `signature` is this key's over a document of this type.
  bool signed_this(std::string_view type, std::string_view document, const Signature& signature) const;
  friend bool operator==(const PublicKey&, const PublicKey&) = default;

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

// Threads: [any] once made.
class PrivateKey {
 public:
  // Error: key.unusable, as OpenSSL has no randomness or no Ed25519.
  static base::Result<PrivateKey> make();
  // Reads PEM (PKCS #8). `passphrase`: of a file that is encrypted. Errors: key.unreadable (the file), key.passphrase (it is
  // encrypted, and this does not open it), key.not_a_key.
  static base::Result<PrivateKey> read(const std::filesystem::path& path, const std::string& passphrase);

  // Writes PEM, encrypted if `passphrase` is not empty, as a new file that its owner alone may read. Error: key.unwritable.
  base::Result<void> write(const std::filesystem::path& path, const std::string& passphrase) const;
  PublicKey public_key() const;
  base::Result<Signature> sign(std::string_view type, std::string_view document) const;

 private:
  explicit PrivateKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

// The error of a key's file that could not be written: key.unwritable.
base::Error key_not_written(const std::filesystem::path& path, const FileProblem& problem);

// Signatures of one document, as a text that lies beside it: {"weir_signatures": 1, "type": "…", "signatures": [{"key": "SHA256:…",
// "signature": "BASE64"}]}.
std::string signatures_text(std::string_view type, const std::vector<Signature>& signatures);
// `name`: for messages. Error: signature.damaged, also if it is for another type.
base::Result<std::vector<Signature>> parse_signatures(std::string_view text, std::string_view type,
                                                      const std::string& name);

}  // namespace weir::security
