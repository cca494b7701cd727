// FF1: format-preserving encryption of strings of numerals, of NIST SP 800-38G (March 2016), algorithms 7 and 8, over AES of
// OpenSSL. Cited as it stands there; ff1_test.cpp has NIST's samples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <openssl/evp.h>

namespace weir::mask {

// Threads: one caller at a time. Allocates nothing after the first strings.
class Ff1 {
 public:
  // The most numerals that half a string may have: so many of radix 36 are numbers of 128 bits, with 8 to spare.
  static constexpr std::size_t kMostNumerals = 46;
  // Fewer than this many strings are too few: they could be tried one by one (SP 800-38G, revision 1, draft of 2019).
  static constexpr std::uint64_t kFewest = 1'000'000;

  // `key`: 16, 24 or 32 bytes. radix: 2 to 36. Throws a Failure (fault unknown) if the library has no AES.
  Ff1(std::span<const std::uint8_t> key, std::uint32_t radix);
  // The fewest numerals that are enough.
  std::size_t fewest() const { return fewest_; }
  // Encrypts the numerals, each below radix, in place. Precondition: from 2 to kMostNumerals of them.
  void encrypt(std::span<std::uint8_t> numerals, std::string_view tweak);
  // The inverse.
  void decrypt(std::span<std::uint8_t> numerals, std::string_view tweak);

 private:
  using Block = std::array<std::uint8_t, 16>;
  __extension__ using Number = unsigned __int128;
  struct Round;

  Block cipher(const Block& block);
  Number number_of(std::span<const std::uint8_t> numerals) const;
  void write(Number number, std::span<std::uint8_t> numerals) const;
  Number power(std::size_t exponent) const;
  Number round_value(const Round& round, unsigned i, Number half, Number modulus);
  void run(std::span<std::uint8_t> numerals, std::string_view tweak, bool encrypts);

  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
  std::uint32_t radix_;
  std::size_t fewest_ = 2;
  std::vector<std::uint8_t> text_;  // of one round
};

}  // namespace weir::mask
