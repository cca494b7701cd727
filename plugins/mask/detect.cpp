#include "detect.hpp"

#include <algorithm>

namespace weir::mask {
namespace {

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
bool is_letter(char byte) { return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'); }
bool is_word(char byte) { return is_digit(byte) || is_letter(byte) || (static_cast<unsigned char>(byte) & 0x80U) != 0; }
bool is_local(char byte) { return is_word(byte) || std::string_view("._%+-").find(byte) != std::string_view::npos; }
bool is_domain(char byte) { return is_digit(byte) || is_letter(byte) || byte == '-' || byte == '.'; }
bool is_separator(char byte) { return std::string_view(" .-/()").find(byte) != std::string_view::npos; }

// The address around the @ at `at`; begins at `from` or later.
bool email_around(std::string_view text, std::size_t from, std::size_t at, Found& found) {
  std::size_t begin = at, end = at + 1;
  while (begin > from && is_local(text[begin - 1])) --begin;
  while (begin < at && (text[begin] == '.' || text[begin] == '-')) ++begin;
  while (end < text.size() && is_domain(text[end])) ++end;
  while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  const std::string_view domain = text.substr(at + 1, end - at - 1);
  const std::size_t dot = domain.rfind('.');
  if (begin == at || dot == std::string_view::npos || dot == 0) return false;
  const std::string_view last = domain.substr(dot + 1);
  if (last.size() < 2 || !std::all_of(last.begin(), last.end(), is_letter)) return false;
  found = {begin, end, Detected::email};
  return true;
}

bool luhn(std::string_view text) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (!is_digit(text[i])) continue;
    unsigned digit = static_cast<unsigned>(text[i] - '0');
    if (twice) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
    twice = !twice;
  }
  return sum % 10 == 0;
}

// The longest card number that begins at `begin`.
bool card_at(std::string_view text, std::size_t begin, Found& found) {
  if (text[begin] < '2' || text[begin] > '6') return false;
  constexpr std::size_t kFewest = 13, kMost = 19;
  std::size_t digits = 0;
  bool any = false;
  for (std::size_t at = begin; at < text.size() && digits < kMost; ++at) {
    if (is_digit(text[at])) {
      ++digits;
      const bool ends = at + 1 == text.size() || !is_word(text[at + 1]);
      if (!ends || digits < kFewest || !luhn(text.substr(begin, at + 1 - begin))) continue;
      found = {begin, at + 1, Detected::card};
      any = true;
    } else if ((text[at] != ' ' && text[at] != '-') || !is_digit(text[at - 1])) {
      break;
    }
  }
  return any;
}

struct Run {
  std::size_t end = 0;  // behind the last digit
  std::size_t digits = 0;
  bool separated = false;
};

// Digits with at most two separators between two of them.
Run digits_from(std::string_view text, std::size_t begin) {
  Run run{begin, 0, false};
  std::size_t gap = 0;
  for (std::size_t at = begin; at < text.size() && gap <= 2; ++at) {
    if (is_digit(text[at])) {
      if (gap > 0 && run.digits > 1) run.separated = true;
      run.end = at + 1;
      ++run.digits;
      gap = 0;
    } else if (is_separator(text[at])) {
      ++gap;
    } else {
      break;
    }
  }
  return run;
}

// Three digits, three, four: 415 555 2671, (415) 555-2671. Gives where it ends, or 0.
std::size_t three_three_four(std::string_view text, std::size_t begin) {
  constexpr std::size_t kGroups[] = {3, 3, 4};
  std::size_t at = begin + (text[begin] == '(' ? 1 : 0);
  for (std::size_t group = 0; group < 3; ++group) {
    const std::size_t gap = at;
    while (group > 0 && at < text.size() && at - gap < 2 && is_separator(text[at])) ++at;
    if (group > 0 && at == gap) return 0;
    for (std::size_t i = 0; i < kGroups[group]; ++i, ++at) {
      if (at >= text.size() || !is_digit(text[at])) return 0;
    }
  }
  return at;
}

bool phone_at(std::string_view text, std::size_t begin, Found& found) {
  const bool plus = text[begin] == '+', zeros = text.substr(begin).starts_with("00");
  const Run run = digits_from(text, begin + (plus ? 1 : 0));
  std::size_t end = 0;
  if (plus && run.digits >= 8 && run.digits <= 15) end = run.end;
  if (!plus && zeros && run.digits >= 10 && run.digits <= 17) end = run.end;
  const bool trunk = text[begin] == '0' || text.substr(begin).starts_with("(0");
  if (end == 0 && trunk && run.separated && run.digits >= 9 && run.digits <= 12) end = run.end;
  if (end == 0 && !plus) {
    end = three_three_four(text, begin);
    if (end < text.size() && end > 0 && digits_from(text, begin).end != end) end = 0;  // a longer number
  }
  if (end == 0 || (end < text.size() && is_word(text[end]))) return false;
  found = {begin, end, Detected::phone};
  return true;
}

// Whether a number may begin at `at`: no letter, digit or sign of a longer one stands before.
bool begins(std::string_view text, std::size_t from, std::size_t at) {
  if (at == from) return true;
  const char before = text[at - 1];
  return !is_word(before) && before != '+' && before != '@' &&
         !((before == '.' || before == '-' || before == '/' || before == ',') && at > from + 1 &&
           is_word(text[at - 2]));
}

}  // namespace

bool find_personal(std::string_view text, std::size_t from, const Kinds& kinds, Found& found) {
  for (std::size_t at = from; at < text.size(); ++at) {
    const char byte = text[at];
    if (byte == '@') {
      if (kinds.email && email_around(text, from, at, found)) return true;
      continue;
    }
    if (!is_digit(byte) && byte != '+' && byte != '(') continue;
    if (!begins(text, from, at)) continue;
    // An address may begin with what looks like a number: 4155552671@example.com.
    std::size_t end = at;
    while (end < text.size() && is_local(text[end])) ++end;
    if (kinds.email && end < text.size() && text[end] == '@' && email_around(text, from, end, found)) return true;
    if (kinds.card && is_digit(byte) && card_at(text, at, found)) return true;
    if (kinds.phone && phone_at(text, at, found)) return true;
  }
  return false;
}

}  // namespace weir::mask
