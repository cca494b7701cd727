// Checksum: a digest of bytes as they come, by OpenSSL.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace weir::security {

// Threads: [one caller at a time].
class Checksum {
 public:
  // `algorithm` as OpenSSL names it: "sha256", "md5".
  explicit Checksum(const std::string& algorithm);

  void add(std::span<const std::uint8_t> bytes);
  // Ends it; hexadecimal. Empty: OpenSSL would not (a policy may forbid an algorithm).
  std::string end();

 private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
  bool works_ = false;
};

// Of bytes that are there; hexadecimal.
std::string sha256_of(std::string_view bytes);
bool is_sha256(std::string_view text);

}  // namespace weir::security
