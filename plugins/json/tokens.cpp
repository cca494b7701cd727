#include "tokens.hpp"

#include <bit>

#include <weir/cpp/quoted.hpp>
#include <weir/cpp/utf8.hpp>

#include "blocks.hpp"

namespace weir::json {
namespace {

constexpr std::string_view kUtf8 = "UTF-8 text";

}  // namespace

char* put_utf8(char* to, std::uint32_t code) {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 63U));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 63U));
    put(0x80U | (code & 63U));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 63U));
    put(0x80U | ((code >> 6U) & 63U));
    put(0x80U | (code & 63U));
  }
  return to;
}

char escaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

Tokens::Tokens(std::string_view bytes, bool one_line)
    : begin_(bytes.data()), end_(bytes.data() + bytes.size()), one_line_(one_line) {}

const char* Tokens::fail(const char* at, std::string_view expected) {
  problem_ = {at, expected};
  return nullptr;
}

std::string Tokens::message() const {
  return "expected " + std::string(problem_.expected) + ", found " + found(problem_.at);
}

std::string Tokens::found(const char* at) const {
  static constexpr char kHex[] = "0123456789abcdef";
  if (at == end_) return "the end of the file";
  if (*at == '\n' || (*at == '\r' && at + 1 != end_ && at[1] == '\n')) return "the end of the line";
  if (*at == '"') {
    const char* const closing = string_stop(at + 1, end_);
    const bool short_one = closing != end_ && *closing == '"' && closing - at < 40;
    return short_one && invalid_utf8({at, closing}) == std::string_view::npos ? std::string(at, closing + 1)
                                                                              : "a quote";
  }
  // A mark of JSON stands for itself; anything else is shown as far as it may belong together.
  constexpr std::string_view kMarks = ",:]}\" \t\r\n";
  const char* last = at + 1;
  while (kMarks.find(*at) == std::string_view::npos && last != end_ && last - at < 64 &&
         kMarks.find(*last) == std::string_view::npos)
    ++last;
  const std::string_view token(at, static_cast<std::size_t>(last - at));
  const std::size_t bad = invalid_utf8(token);
  if (bad != 0) return quoted_for_message(token.substr(0, bad));
  const auto byte = static_cast<unsigned char>(*at);
  return std::string("the byte ") + kHex[byte >> 4U] + kHex[byte & 15U];
}

const char* Tokens::more_space(const char* at) const {
  for (; at != end_; ++at) {
    const char byte = *at;
    if (byte != ' ' && byte != '\t' && byte != '\r' && (byte != '\n' || one_line_)) break;
  }
  return at;
}

const char* Tokens::literal(const char* at, std::string_view word) {
  if (static_cast<std::size_t>(end_ - at) >= word.size() && std::memcmp(at, word.data(), word.size()) == 0)
    return at + word.size();
  return fail(at, "a value");
}

const char* Tokens::hex4(const char* at, std::uint32_t& code) {
  code = 0;
  for (int i = 0; i < 4; ++i, ++at) {
    if (at == end_) return fail(at, "four hexadecimal digits");
    const char byte = *at, small = static_cast<char>(byte | 0x20);
    const bool letter = small >= 'a' && small <= 'f';
    if (!is_digit(byte) && !letter) return fail(at, "four hexadecimal digits");
    code = code * 16 + static_cast<std::uint32_t>(letter ? small - 'a' + 10 : byte - '0');
  }
  return at;
}

// Reads an escape, whose backslash is at `at`; writes at most 4 bytes.
const char* Tokens::escape(const char* at, char*& to) {
  constexpr std::string_view kPair = "the other half of a surrogate pair (\\uDC00 to \\uDFFF)";
  if (at + 1 == end_) return fail(at + 1, "an escape");
  if (at[1] != 'u') {
    const char letter = escaped(at[1]);
    if (letter == 0) return fail(at, "an escape of JSON");
    *to++ = letter;
    return at + 2;
  }
  std::uint32_t code = 0;
  const char* next = hex4(at + 2, code);
  if (next == nullptr) return nullptr;
  if (code >= 0xDC00 && code < 0xE000) return fail(at, "the first half of a surrogate pair before its second");
  if (code >= 0xD800 && code < 0xDC00) {
    std::uint32_t second = 0;
    if (end_ - next < 2 || next[0] != '\\' || next[1] != 'u') return fail(next, kPair);
    const char* const behind = hex4(next + 2, second);
    if (behind == nullptr) return nullptr;
    if (second < 0xDC00 || second >= 0xE000) return fail(next, kPair);
    code = 0x10000 + ((code - 0xD800) << 10U) + (second - 0xDC00);
    next = behind;
  }
  to = put_utf8(to, code);
  return next;
}

const char* Tokens::check_utf8(const char* begin, const char* end, const char* next) {
  const std::size_t bad = invalid_utf8({begin, static_cast<std::size_t>(end - begin)});
  if (bad == std::string_view::npos) return next;
  fail(begin + bad, kUtf8);
  problem_.reason = "not UTF-8";
  return nullptr;
}

template <bool kCopies>
const char* Tokens::string(const char* at, Buffer* to) {
  const char* const text = ++at;
  std::size_t size = kCopies ? to->size() : 0;
  unsigned high = 0;
  const auto room = [&] {
    if (to->capacity() - size >= static_cast<std::size_t>(kBlock)) return;
    to->resize(size);
    to->reserve(size * 2 + 64);
  };
  for (;;) {
    while (end_ - at >= kBlock) {
      if constexpr (kCopies) room();
      const BlockMasks found = masks_of(at, kCopies ? reinterpret_cast<char*>(to->data()) + size : nullptr);
      const int plain = found.stops == 0 ? static_cast<int>(kBlock) : std::countr_zero(found.stops);
      high |= found.high & ((1U << static_cast<unsigned>(plain)) - 1U);
      at += plain;
      size += static_cast<std::size_t>(plain);
      if (found.stops != 0) break;
    }
    for (; at != end_ && !is_stop(*at); ++at) {
      if constexpr (kCopies) {
        room();
        to->data()[size++] = static_cast<std::uint8_t>(*at);
      }
      high |= static_cast<unsigned char>(*at) >> 7U;
    }
    if (at == end_) return fail(at, "a closing quote");
    if (*at == '"') break;
    if (*at != '\\') return fail(at, *at == '\n' ? "a closing quote" : "an escape in place of a control character");
    char scratch[4];
    char* out = scratch;
    if constexpr (kCopies) {
      room();
      out = reinterpret_cast<char*>(to->data()) + size;
    }
    const char* const first = out;
    at = escape(at, out);
    if (at == nullptr) return nullptr;
    size += static_cast<std::size_t>(out - first);
  }
  if constexpr (kCopies) to->resize(size);
  return high == 0 ? at + 1 : check_utf8(text, at, at + 1);
}

const char* Tokens::skip_string(const char* at) { return string<false>(at, nullptr); }
const char* Tokens::copy_string(const char* at, Buffer& to) { return string<true>(at, &to); }

const char* Tokens::exponent(const char* at, text::NumberText& found) {
  ++at;
  bool negative = false;
  if (at != end_ && (*at == '+' || *at == '-')) negative = *at++ == '-';
  if (at == end_ || !is_digit(*at)) return fail(at, "a digit of the exponent");
  std::int32_t value = 0;
  for (; at != end_ && is_digit(*at); ++at) {
    if (value < 100000000) value = value * 10 + (*at - '0');
  }
  found.exponent += negative ? -value : value;
  found.integer = false;
  return at;
}

const char* Tokens::number(const char* at, text::NumberText& found) {
  found = text::NumberText();
  if (is(at, '-')) {
    found.negative = true;
    ++at;
  }
  const char* const whole = at;
  if (at == end_ || !is_digit(*at)) return fail(at, found.negative ? "a digit" : "a value");
  at = *at == '0' ? at + 1 : text::detail::read_digits(at, end_, found.digits);
  std::int64_t all = at - whole - (*whole == '0' ? 1 : 0);
  found.integer = true;
  if (is(at, '.')) {
    found.integer = false;
    const char* part = ++at;
    at = text::detail::read_digits(at, end_, found.digits);
    if (at == part) return fail(at, "a digit behind the point");
    found.exponent = -static_cast<std::int32_t>(at - part);
    if (all == 0) {
      while (part != at && *part == '0') ++part;
    }
    all += at - part;
  }
  found.significant = static_cast<int>(all);
  return at != end_ && (*at == 'e' || *at == 'E') ? exponent(at, found) : at;
}

const char* Tokens::members(const char* at, int depth) {
  at = space(at + 1);
  if (is(at, '}')) return at + 1;
  for (;;) {
    if (!is(at, '"')) return fail(at, "a key in quotes");
    at = skip_string(at);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (!is(at, ':')) return fail(at, "':'");
    at = value(space(at + 1), depth);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (is(at, '}')) return at + 1;
    if (!is(at, ',')) return fail(at, "',' or '}'");
    at = space(at + 1);
  }
}

const char* Tokens::items(const char* at, int depth) {
  at = space(at + 1);
  if (is(at, ']')) return at + 1;
  for (;;) {
    at = value(at, depth);
    if (at == nullptr) return nullptr;
    at = space(at);
    if (is(at, ']')) return at + 1;
    if (!is(at, ',')) return fail(at, "',' or ']'");
    at = space(at + 1);
  }
}

const char* Tokens::value(const char* at, int depth) {
  if (at == end_) return fail(at, "a value");
  if (depth > kMaxDepth) return fail(at, "values nested at most 512 deep");
  text::NumberText ignored;
  switch (*at) {
    case '"': return skip_string(at);
    case '{': return members(at, depth + 1);
    case '[': return items(at, depth + 1);
    case 't': return literal(at, "true");
    case 'f': return literal(at, "false");
    case 'n': return literal(at, "null");
    default: return number(at, ignored);
  }
}

const char* string_stop(const char* at, const char* end) {
  while (end - at >= kBlock) {
    const unsigned stops = masks_of(at, nullptr).stops;
    if (stops != 0) return at + std::countr_zero(stops);
    at += kBlock;
  }
  while (at != end && !is_stop(*at)) ++at;
  return at;
}

}  // namespace weir::json
