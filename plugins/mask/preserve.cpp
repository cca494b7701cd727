#include "preserve.hpp"

#include <algorithm>

#include "detect.hpp"

namespace weir::mask {
namespace {

bool is_upper(char byte) { return byte >= 'A' && byte <= 'Z'; }
bool is_lower(char byte) { return byte >= 'a' && byte <= 'z'; }

constexpr std::uint32_t kDigits = 10, kLetters = 26;

}  // namespace

Preserve::Preserve(std::string_view secret) : Preserve(secret, Key(secret)) {}

Preserve::Preserve(std::string_view secret, const Key& key)
    : digits_(key.bytes, kDigits), letters_(key.bytes, kLetters), drawn_(secret, "weir mask: preserve, few") {}

// Long strings are encrypted in pieces of about one length, each with its number as the tweak.
void Preserve::encrypt(Ff1& cipher, std::uint32_t radix, std::string_view text) {
  const std::size_t count = numerals_.size();
  if (count == 0) return;
  if (count < cipher.fewest()) {
    const Digest drawn = drawn_.of(text);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t two = drawn[2 * i] * 256U + drawn[2 * i + 1];  // of 16 bits: nearly no numeral is likelier
      numerals_[i] = static_cast<std::uint8_t>(two % radix);
    }
    return;
  }
  const std::size_t pieces = (count + Ff1::kMostNumerals - 1) / Ff1::kMostNumerals;
  std::span<std::uint8_t> rest(numerals_);
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t length = rest.size() / (pieces - i);
    const char number[] = {static_cast<char>(i >> 24U), static_cast<char>(i >> 16U), static_cast<char>(i >> 8U),
                           static_cast<char>(i)};
    cipher.encrypt(rest.first(length), i == 0 ? std::string_view() : std::string_view(number, sizeof number));
    rest = rest.subspan(length);
  }
}

void Preserve::run(std::string_view text, std::string& out) {
  out.assign(text);
  numerals_.clear();
  for (const char byte : text) {
    if (is_digit(byte)) numerals_.push_back(static_cast<std::uint8_t>(byte - '0'));
  }
  encrypt(digits_, kDigits, text);
  std::size_t at = 0;
  for (char& byte : out) {
    if (is_digit(byte)) byte = static_cast<char>('0' + numerals_[at++]);
  }
  numerals_.clear();
  for (const char byte : text) {
    if (is_upper(byte) || is_lower(byte)) numerals_.push_back(static_cast<std::uint8_t>((byte | 0x20) - 'a'));
  }
  encrypt(letters_, kLetters, text);
  at = 0;
  for (char& byte : out) {
    if (!is_upper(byte) && !is_lower(byte)) continue;
    byte = static_cast<char>((is_upper(byte) ? 'A' : 'a') + numerals_[at++]);
  }
}

}  // namespace weir::mask
