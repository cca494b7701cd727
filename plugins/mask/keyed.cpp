#include "keyed.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <weir/weir.hpp>

namespace weir::mask {
namespace {

[[noreturn]] void no_hmac() {
  throw Failure(WEIR_INTERNAL, WEIR_FAULT_UNKNOWN, "expected OpenSSL to provide HMAC-SHA256, found that it does not")
      .hint("see that its default provider is installed and allowed: openssl list -mac-algorithms");
}

EVP_MAC_CTX* new_context() {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = mac == nullptr ? nullptr : EVP_MAC_CTX_new(mac);
  EVP_MAC_free(mac);
  if (context == nullptr) no_hmac();
  return context;
}

void set_key(EVP_MAC_CTX* context, const std::uint8_t* key, std::size_t size) {
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                   OSSL_PARAM_construct_end()};
  if (EVP_MAC_init(context, key, size, parameters) != 1) no_hmac();
}

Digest finish(EVP_MAC_CTX* context, std::string_view text) {
  Digest digest{};
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_MAC_update(context, bytes, text.size()) != 1 ||
      EVP_MAC_final(context, digest.data(), &size, digest.size()) != 1) {
    no_hmac();
  }
  return digest;
}

}  // namespace

void wipe(Digest& key) { OPENSSL_cleanse(key.data(), key.size()); }

Digest derived_key(std::string_view secret, std::string_view use) {
  const std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)> context(new_context(), EVP_MAC_CTX_free);
  set_key(context.get(), reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size());
  return finish(context.get(), use);
}

Hmac::Hmac(std::string_view secret, std::string_view use) : context_(new_context()) {
  Digest key = derived_key(secret, use);
  set_key(context_.get(), key.data(), key.size());
  wipe(key);
}

Digest Hmac::of(std::string_view text) {
  if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1) no_hmac();  // the same key again
  return finish(context_.get(), text);
}

}  // namespace weir::mask
