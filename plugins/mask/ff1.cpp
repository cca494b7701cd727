// The names of the steps, u, v, b, d, P, Q, R, S and y, are those of algorithm 7.
#include "ff1.hpp"

#include <cmath>

#include <weir/weir.hpp>

namespace weir::mask {
namespace {

constexpr unsigned kRounds = 10;

[[noreturn]] void no_aes() {
  throw Failure(WEIR_INTERNAL, WEIR_FAULT_UNKNOWN, "expected OpenSSL to provide AES, found that it does not")
      .hint("see that its default provider is installed and allowed: openssl list -cipher-algorithms");
}

const EVP_CIPHER* aes(std::size_t key_bytes) {
  return key_bytes == 16 ? EVP_aes_128_ecb() : key_bytes == 24 ? EVP_aes_192_ecb() : EVP_aes_256_ecb();
}

}  // namespace

// What is the same in all rounds of one string.
struct Ff1::Round {
  std::string_view tweak;
  Block p{};
  std::size_t b = 0, d = 0;
};

Ff1::Ff1(std::span<const std::uint8_t> key, std::uint32_t radix) : context_(EVP_CIPHER_CTX_new()), radix_(radix) {
  if (context_ == nullptr || EVP_EncryptInit_ex(context_.get(), aes(key.size()), nullptr, key.data(), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context_.get(), 0) != 1) {
    no_aes();
  }
  std::uint64_t strings = std::uint64_t{radix} * radix;
  for (; strings < kFewest; strings *= radix) ++fewest_;
}

Ff1::Block Ff1::cipher(const Block& block) {
  Block out{};
  int size = 0;
  if (EVP_EncryptUpdate(context_.get(), out.data(), &size, block.data(), static_cast<int>(block.size())) != 1) no_aes();
  return out;
}

Ff1::Number Ff1::number_of(std::span<const std::uint8_t> numerals) const {
  Number number = 0;
  for (const std::uint8_t numeral : numerals) number = number * radix_ + numeral;
  return number;
}

void Ff1::write(Number number, std::span<std::uint8_t> numerals) const {
  for (std::size_t i = numerals.size(); i-- > 0; number /= radix_)
    numerals[i] = static_cast<std::uint8_t>(number % radix_);
}

Ff1::Number Ff1::power(std::size_t exponent) const {
  Number power = 1;
  for (; exponent > 0; --exponent) power *= radix_;
  return power;
}

// y, modulo `modulus`: steps 6.i to 6.iv.
Ff1::Number Ff1::round_value(const Round& round, unsigned i, Number half, Number modulus) {
  text_.assign(round.tweak.begin(), round.tweak.end());
  while ((text_.size() + round.b + 1) % 16 != 0) text_.push_back(0);
  text_.push_back(static_cast<std::uint8_t>(i));
  for (std::size_t at = round.b; at-- > 0;) {
    text_.push_back(at >= sizeof half ? std::uint8_t{0} : static_cast<std::uint8_t>(half >> (8 * at)));
  }
  Block r = cipher(round.p);  // PRF: CBC-MAC over P and Q
  for (std::size_t at = 0; at < text_.size(); at += r.size()) {
    for (std::size_t byte = 0; byte < r.size(); ++byte) r[byte] ^= text_[at + byte];
    r = cipher(r);
  }
  Number y = 0;
  Block block = r;
  for (std::size_t at = 0; at < round.d; ++at) {
    if (at > 0 && at % r.size() == 0) {
      block = r;
      block[15] = static_cast<std::uint8_t>(block[15] ^ (at / r.size()));
      block = cipher(block);
    }
    y = (y * 256 + block[at % r.size()]) % modulus;
  }
  return y;
}

void Ff1::run(std::span<std::uint8_t> numerals, std::string_view tweak, bool encrypts) {
  const std::size_t n = numerals.size(), u = n / 2, v = n - u;
  Round round;
  round.tweak = tweak;
  round.b = (static_cast<std::size_t>(std::ceil(static_cast<double>(v) * std::log2(radix_))) + 7) / 8;
  round.d = 4 * ((round.b + 3) / 4) + 4;
  const auto byte = [](std::size_t value, unsigned shift) { return static_cast<std::uint8_t>(value >> shift); };
  const std::size_t t = tweak.size();
  round.p = {1,           2,           1,           byte(radix_, 16), byte(radix_, 8), byte(radix_, 0),
             10,          byte(u, 0),  byte(n, 24), byte(n, 16),      byte(n, 8),      byte(n, 0),
             byte(t, 24), byte(t, 16), byte(t, 8),  byte(t, 0)};
  Number a = number_of(numerals.first(u)), b = number_of(numerals.last(v));
  for (unsigned step = 0; step < kRounds; ++step) {
    const unsigned i = encrypts ? step : kRounds - 1 - step;
    const Number modulus = power(i % 2 == 0 ? u : v);
    if (encrypts) {
      const Number c = (a + round_value(round, i, b, modulus)) % modulus;
      a = b;
      b = c;
    } else {
      const Number c = (b + modulus - round_value(round, i, a, modulus)) % modulus;
      b = a;
      a = c;
    }
  }
  write(a, numerals.first(u));
  write(b, numerals.last(v));
}

void Ff1::encrypt(std::span<std::uint8_t> numerals, std::string_view tweak) { run(numerals, tweak, true); }
void Ff1::decrypt(std::span<std::uint8_t> numerals, std::string_view tweak) { run(numerals, tweak, false); }

}  // namespace weir::mask
