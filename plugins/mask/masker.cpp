#include "masker.hpp"

#include <algorithm>
#include <utility>

namespace weir::mask {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

// What masking hides: letters and digits, and all that is not ASCII.
bool is_hidden(char byte) {
  const auto plain = static_cast<unsigned char>(byte);
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || plain >= 0x80U;
}

std::string_view first_characters(std::string_view text, std::int64_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_character(text[at]) && count-- == 0) break;
  }
  return text.substr(0, at);
}

void append_hexadecimal(const Digest& digest, std::int64_t digits, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::int64_t i = 0; i < digits; ++i) {
    const std::uint8_t byte = digest[static_cast<std::size_t>(i / 2)];
    out += kHex[i % 2 == 0 ? byte >> 4U : byte & 15U];
  }
}

// 26 characters of base 32 (RFC 4648, lower case): 130 bits.
void append_token(const Digest& digest, std::string& out) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  for (unsigned i = 0; i < 26; ++i) {
    const unsigned bit = 5 * i, byte = bit / 8;
    const unsigned two = digest[byte] * 256U + digest[byte + 1];
    out += kLetters[two >> (11 - bit % 8) & 31U];
  }
}

}  // namespace

Masker::Masker(Method method, std::string_view secret) : method_(std::move(method)) {
  if (method_.way == Way::hash) hmac_ = std::make_unique<Hmac>(secret, "weir mask: hash");
  if (method_.way == Way::tokenise) hmac_ = std::make_unique<Hmac>(secret, "weir mask: tokenise");
  if (method_.way == Way::preserve) preserve_ = std::make_unique<Preserve>(secret);
}

// Of what is hidden no more than half is kept, so that a short value does not stand there whole.
void Masker::append_redacted(std::string_view value, std::string& out) const {
  if (method_.keep_first == 0 && method_.keep_last == 0) {
    out += method_.with;
    return;
  }
  const auto hides = [](char byte) { return is_hidden(byte) && begins_character(byte); };
  const std::int64_t count = std::count_if(value.begin(), value.end(), hides);
  const std::int64_t last = std::min(method_.keep_last, count / 2);
  const std::int64_t first = std::min(method_.keep_first, count / 2 - last);
  std::int64_t at = 0;
  bool kept = false;
  for (const char byte : value) {
    if (!is_hidden(byte)) {
      out += byte;
      continue;
    }
    if (begins_character(byte)) {
      kept = at < first || at >= count - last;
      if (!kept) out += '*';
      ++at;
    }
    if (kept) out += byte;
  }
}

void Masker::append(std::string_view value, std::string& out) {
  switch (method_.way) {
    case Way::redact: return append_redacted(value, out);
    case Way::truncate: out += first_characters(value, method_.keep_first); return;
    case Way::hash: return append_hexadecimal(hmac_->of(value), method_.digits, out);
    case Way::tokenise: out += method_.prefix; return append_token(hmac_->of(value), out);
    case Way::preserve:
      preserve_->run(value, made_);
      out += made_;
      return;
  }
}

}  // namespace weir::mask
