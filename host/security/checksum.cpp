#include "security/checksum.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/hex.hpp"

namespace weir::security {

Checksum::Checksum(const std::string& algorithm) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  const EVP_MD* const kind = EVP_get_digestbyname(algorithm.c_str());
  works_ = context_ != nullptr && kind != nullptr && EVP_DigestInit_ex(context_.get(), kind, nullptr) == 1;
}

void Checksum::add(std::span<const std::uint8_t> bytes) {
  works_ = works_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
}

std::string Checksum::end() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
  unsigned size = 0;
  if (!works_ || EVP_DigestFinal_ex(context_.get(), value.data(), &size) != 1) return {};
  return base::to_hex({reinterpret_cast<const char*>(value.data()), size});
}

std::string sha256_of(std::string_view bytes) {
  Checksum checksum("sha256");
  checksum.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return checksum.end();
}

bool is_sha256(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); });
}

}  // namespace weir::security
