#include "security/signature.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "security/json_text.hpp"

namespace weir::security {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMaxPrivateKeyBytes = 16U << 10U;
constexpr std::size_t kMostSignatures = 16;
constexpr int kSignaturesFormat = 1;

using Context = std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>;
using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// DSSE's PAE: lengths stand in front, so that no two pairs of type and document give the same bytes.
std::string encoded(std::string_view type, std::string_view document) {
  std::string text = "DSSEv1 " + std::to_string(type.size()) + " ";
  text.append(type).append(" ").append(std::to_string(document.size())).append(" ").append(document);
  return text;
}

base::Error key_error(std::string code, std::string message, std::string hint) {
  ::ERR_clear_error();
  return base::make_error(base::Status::failed_precondition, base::Fault::manifest, std::move(code), std::move(message))
      .with_hint(std::move(hint));
}

base::Error not_a_private_key(const fs::path& path) {
  return key_error("key.not_a_key", path.string() + ": expected a private key of Ed25519 in PEM, found something else",
                   "weir plugin key new makes one");
}

// OpenSSL asks a terminal for what it is not given: never here.
int give_passphrase(char* buffer, int size, int /*writing*/, void* passphrase) {
  const auto& text = *static_cast<const std::string*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

base::Result<std::string> bytes_of_key(const fs::path& path) {
  std::string bytes;
  FileProblem problem;
  if (read_file(path, kMaxPrivateKeyBytes, bytes, problem)) return bytes;
  if (problem.number == EFBIG) return base::unexpected(not_a_private_key(path));
  return base::unexpected(key_error("key.unreadable",
                                    path.string() + ": expected a private key, found: " + problem.text(),
                                    "see that the file is there and may be read"));
}

base::Error damaged_signatures(const std::string& name, const std::string& found) {
  return base::make_error(base::Status::data_loss, base::Fault::missing, "signature.damaged",
                          name + ": expected signatures, found " + found)
      .with_hint("ask for the file anew where it came from");
}

}  // namespace

base::Error key_not_written(const fs::path& path, const FileProblem& problem) {
  return key_error("key.unwritable",
                   path.lexically_normal().string() + ": expected to write a new file, found: " + problem.text(),
                   problem.number == EEXIST ? "take another name: a key is never written over"
                                            : "see that its folder is there and can be written");
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  text.resize(static_cast<std::size_t>(::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                                         static_cast<int>(bytes.size()))));
  return text;
}

bool from_base64(std::string_view text, std::string& bytes) {
  bytes.assign(text.size() / 4 * 3, '\0');
  if (text.size() % 4 != 0) return false;
  const auto padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  // EVP_DecodeBlock() passes over white space around the text: nothing but the alphabet may come to it.
  for (const char c : text.substr(0, text.size() - padding)) {
    const bool letter =
        ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '+' || c == '/';
    if (!letter) return false;
  }
  if (padding > 2 || ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                       static_cast<int>(text.size())) < 0)
    return false;
  bytes.resize(bytes.size() - padding);
  return to_base64(bytes) == text;  // bits that are left over must be zero
}

bool PublicKey::from_text(std::string_view base64, PublicKey& key) {
  std::string bytes;
  if (!from_base64(base64, bytes) || bytes.size() != kBytes) return false;
  std::memcpy(key.bytes_.data(), bytes.data(), kBytes);
  return true;
}

std::string PublicKey::text() const { return to_base64({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}); }

std::string PublicKey::fingerprint() const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  ::EVP_Digest(bytes_.data(), bytes_.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  std::string text = to_base64({reinterpret_cast<const char*>(digest.data()), size});
  text.erase(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

bool PublicKey::signed_this(std::string_view type, std::string_view document, const Signature& signature) const {
  if (signature.bytes.size() != kSignatureBytes) return false;
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      ::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_.data(), bytes_.size()), ::EVP_PKEY_free);
  const Context context(::EVP_MD_CTX_new(), ::EVP_MD_CTX_free);
  const std::string message = encoded(type, document);
  const bool right = key != nullptr &&
                     ::EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                     ::EVP_DigestVerify(context.get(), bytes_of(signature.bytes), signature.bytes.size(),
                                        bytes_of(message), message.size()) == 1;
  ::ERR_clear_error();
  return right;
}

base::Result<PrivateKey> PrivateKey::make() {
  std::shared_ptr<EVP_PKEY> key(::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), ::EVP_PKEY_free);
  if (key != nullptr) return PrivateKey(std::move(key));
  return base::unexpected(key_error("key.unusable", "expected OpenSSL to make a key of Ed25519, found that it can't",
                                    "see how OpenSSL is set up"));
}

base::Result<PrivateKey> PrivateKey::read(const fs::path& path, const std::string& passphrase) {
  WEIR_TRY_ASSIGN(const std::string pem, bytes_of_key(path));
  const Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), ::BIO_free);
  std::shared_ptr<EVP_PKEY> key(
      ::PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, const_cast<std::string*>(&passphrase)),
      ::EVP_PKEY_free);
  if (key == nullptr && pem.find("ENCRYPTED PRIVATE KEY") != std::string::npos) {
    const char* const found = passphrase.empty() ? "none" : "another";
    return base::unexpected(key_error(
        "key.passphrase", path.string() + ": expected the passphrase that it was encrypted with, found " + found,
        "give it in the environment variable WEIR_KEY_PASSPHRASE"));
  }
  if (key == nullptr || ::EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return base::unexpected(not_a_private_key(path));
  return PrivateKey(std::move(key));
}

base::Result<void> PrivateKey::write(const fs::path& path, const std::string& passphrase) const {
  const Bio bio(::BIO_new(::BIO_s_mem()), ::BIO_free);
  const EVP_CIPHER* const cipher = passphrase.empty() ? nullptr : ::EVP_aes_256_cbc();
  char* pem = nullptr;
  long size = 0;
  if (::PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), cipher, nullptr, 0, give_passphrase,
                                      const_cast<std::string*>(&passphrase)) == 1)
    size = BIO_get_mem_data(bio.get(), &pem);
  FileProblem problem;
  if (size > 0 && write_new_file(path, {pem, static_cast<std::size_t>(size)}, kForOwner, problem)) return {};
  if (size > 0) return base::unexpected(key_not_written(path, problem));
  return base::unexpected(
      key_error("key.unusable", "expected OpenSSL to encode a key, found that it can't", "see how OpenSSL is set up"));
}

PublicKey PrivateKey::public_key() const {
  std::array<std::uint8_t, PublicKey::kBytes> bytes{};
  std::size_t size = bytes.size();
  ::EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size);
  return PublicKey(bytes);
}

base::Result<Signature> PrivateKey::sign(std::string_view type, std::string_view document) const {
  const Context context(::EVP_MD_CTX_new(), ::EVP_MD_CTX_free);
  const std::string message = encoded(type, document);
  Signature signature{public_key().fingerprint(), std::string(kSignatureBytes, '\0')};
  std::size_t size = kSignatureBytes;
  if (::EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
      ::EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.bytes.data()), &size,
                       bytes_of(message), message.size()) == 1)
    return signature;
  return base::unexpected(key_error("key.unusable", "expected OpenSSL to sign with the key, found that it can't",
                                    "see how OpenSSL is set up"));
}

std::string signatures_text(std::string_view type, const std::vector<Signature>& signatures) {
  ordered_json list = ordered_json::array();
  for (const Signature& one : signatures) list.push_back({{"key", one.key}, {"signature", to_base64(one.bytes)}});
  return ordered_json{{"weir_signatures", kSignaturesFormat}, {"type", type}, {"signatures", std::move(list)}}.dump(1) +
         "\n";
}

base::Result<std::vector<Signature>> parse_signatures(std::string_view text, std::string_view type,
                                                      const std::string& name) {
  const auto document = parse_document(text);
  const auto member = [](const ordered_json& of, const char* key) {
    const auto found = of.is_object() ? of.find(key) : of.end();
    return of.is_object() && found != of.end() ? *found : ordered_json();
  };
  if (!document.is_object()) return base::unexpected(damaged_signatures(name, "no JSON object"));
  if (member(document, "weir_signatures") != kSignaturesFormat)
    return base::unexpected(damaged_signatures(name, "another format"));
  if (member(document, "type") != type)
    return base::unexpected(damaged_signatures(name, "those of another kind of document"));
  const ordered_json list = member(document, "signatures");
  if (!list.is_array() || list.size() > kMostSignatures)
    return base::unexpected(damaged_signatures(name, "no list of at most 16"));
  std::vector<Signature> signatures;
  for (const auto& one : list) {
    const ordered_json key = member(one, "key"), bytes = member(one, "signature");
    Signature signature;
    if (!key.is_string() || !bytes.is_string() || !from_base64(bytes.get_ref<const std::string&>(), signature.bytes) ||
        signature.bytes.size() != kSignatureBytes)
      return base::unexpected(damaged_signatures(name, "an entry without a key and 64 bytes in base64"));
    signature.key = key.get<std::string>();
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

}  // namespace weir::security
