// Keyed functions: HMAC-SHA256, and AES-256 under keys that are derived from one secret, one for each use, so that what one
// use gives away says nothing about another.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include <openssl/evp.h>

namespace weir::mask {

using Digest = std::array<std::uint8_t, 32>;

// The HMAC-SHA256 of texts under one key. Threads: one caller at a time. Allocates nothing after the first text.
class Hmac {
 public:
  // `use` is a constant: the key is the HMAC-SHA256 of it under `secret`. Throws a Failure (fault unknown) if the library has
  // no HMAC or SHA-256.
  Hmac(std::string_view secret, std::string_view use);
  Digest of(std::string_view text);

 private:
  struct Free {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

// A key of 32 bytes for `use`, derived as above. Whoever takes it wipes it.
Digest derived_key(std::string_view secret, std::string_view use);
void wipe(Digest& key);

}  // namespace weir::mask
