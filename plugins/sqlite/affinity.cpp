#include "affinity.hpp"

#include <charconv>

namespace weir::sqlite {
namespace {

constexpr std::size_t kScratchBytes = 40;
constexpr int kExactDigits = 15;  // what SQLite promises of a text that becomes REAL

bool contains(std::string_view text, std::string_view upper_word) {
  for (std::size_t at = 0; at + upper_word.size() <= text.size(); ++at) {
    std::size_t i = 0;
    while (i < upper_word.size() && (text[at + i] & ~0x20) == upper_word[i]) ++i;
    if (i == upper_word.size()) return true;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct NumberShape {
  bool number = false;  // SQLite would take it for one
  bool plain = true;    // nothing but an optional minus, digits without leading zeros, and perhaps a fraction
  bool integer = true;
  int significant = 0;
};

// Takes a text apart as SQLite's conversion does: spaces, sign, digits, fraction, exponent.
NumberShape shape_of(std::string_view text) {
  NumberShape shape;
  const std::size_t given = text.size();
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  shape.plain = text.size() == given;
  std::size_t at = 0, digits = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) shape.plain = shape.plain && text[at++] == '-';
  if (at + 1 < text.size() && text[at] == '0' && is_digit(text[at + 1])) shape.plain = false;
  const auto run = [&] {
    for (; at < text.size() && is_digit(text[at]); ++at, ++digits) {
      if (shape.significant > 0 || text[at] != '0') ++shape.significant;
    }
  };
  run();
  const std::size_t whole = digits;
  if (at < text.size() && text[at] == '.') {
    shape.integer = false;
    ++at;
    run();
  }
  if (whole == 0 || (digits == whole && !shape.integer)) shape.plain = false;
  if (digits > 0 && at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    shape.plain = shape.integer = false;
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == exponent) return shape;
  }
  shape.number = digits > 0 && at == text.size();
  return shape;
}

bool fits_int64(std::string_view text) {
  std::int64_t value = 0;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

// "-0" and texts that a number would spell otherwise would come back as another text.
bool keeps_text(Affinity affinity, std::string_view text) {
  const NumberShape shape = shape_of(text);
  if (!shape.number) return true;
  if (!shape.plain || (shape.significant == 0 && text.front() == '-')) return false;
  if (shape.integer && affinity != Affinity::real) return fits_int64(text);
  return shape.significant <= kExactDigits;
}

Value as_text(const Value& value, char* scratch) {
  const auto end = value.kind == Value::Kind::integer
                       ? std::to_chars(scratch, scratch + kScratchBytes, value.integer).ptr
                       : std::to_chars(scratch, scratch + kScratchBytes, value.real).ptr;
  return Value::text({scratch, static_cast<std::size_t>(end - scratch)});
}

}  // namespace

Affinity affinity_of(std::string_view declared) {
  if (contains(declared, "INT")) return Affinity::integer;
  if (contains(declared, "CHAR") || contains(declared, "CLOB") || contains(declared, "TEXT")) return Affinity::text;
  if (declared.empty() || contains(declared, "BLOB")) return Affinity::none;
  if (contains(declared, "REAL") || contains(declared, "FLOA") || contains(declared, "DOUB")) return Affinity::real;
  return Affinity::numeric;
}

bool may_change(Affinity affinity, Value::Kind kind) {
  switch (affinity) {
    case Affinity::none: return false;
    case Affinity::text: return kind == Value::Kind::integer || kind == Value::Kind::real;
    case Affinity::integer:
    case Affinity::numeric: return kind == Value::Kind::text;
    case Affinity::real: return kind == Value::Kind::text || kind == Value::Kind::integer;
  }
  return true;
}

Value kept(Affinity affinity, const Value& value, char* scratch) {
  switch (value.kind) {
    case Value::Kind::integer:
      if (affinity == Affinity::text) return as_text(value, scratch);
      if (affinity == Affinity::real && (value.integer > kLargestExact || value.integer < -kLargestExact)) {
        return Value::refused("an integer that a REAL column would round");
      }
      return value;
    case Value::Kind::real: return affinity == Affinity::text ? as_text(value, scratch) : value;
    case Value::Kind::text:
      return keeps_text(affinity, value.bytes) ? value : Value::refused("a text that a numeric column would change");
    default: return value;
  }
}

}  // namespace weir::sqlite
