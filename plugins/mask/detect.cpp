#include "detect.hpp"

#include <algorithm>

namespace weir::mask {
namespace {

bool is_letter(char byte) { return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'); }
bool is_word(char byte) { return is_digit(byte) || is_letter(byte) || (static_cast<unsigned char>(byte) & 0x80U) != 0; }
bool is_local(char byte) { return is_word(byte) || std::string_view("._%+-'").find(byte) != std::string_view::npos; }
bool is_domain(char byte) { return is_word(byte) || byte == '-' || byte == '.'; }
bool is_separator(char byte) { return std::string_view(" .-/()").find(byte) != std::string_view::npos; }

// How much of a last label of a domain is one: letters, also of other scripts or spelt xn--, and not what is written behind
// com without a blank; 0: it is none.
std::size_t last_label(std::string_view label) {
  if (label.starts_with("xn--") && label.size() > 4) return label.size();
  const auto end = std::find_if_not(label.begin(), label.end(), is_letter);
  const auto letters = static_cast<std::size_t>(end - label.begin());
  if (letters >= 2 && (end == label.end() || !is_digit(*end))) return letters;
  const bool other =
      std::all_of(label.begin(), label.end(), [](char byte) { return is_word(byte) && !is_digit(byte); });
  return other && label.size() >= 2 ? label.size() : 0;
}

// Where the domain that begins at `begin` ends; 0: there is none.
std::size_t domain_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && is_domain(text[end])) ++end;
  std::string_view domain = text.substr(begin, end - begin);
  for (std::size_t dot = domain.rfind('.'); dot != std::string_view::npos && dot > 0; dot = domain.rfind('.')) {
    const std::size_t length = last_label(domain.substr(dot + 1));
    if (length > 0) return begin + dot + 1 + length;
    domain = domain.substr(0, dot);
  }
  return 0;
}

// The address around the @ at `at`; begins at `from` or later.
bool email_around(std::string_view text, std::size_t from, std::size_t at, Found& found) {
  std::size_t begin = at;
  while (begin > from && is_local(text[begin - 1])) --begin;
  while (begin < at && std::string_view(".-'").find(text[begin]) != std::string_view::npos) ++begin;
  const std::size_t end = domain_end(text, at + 1);
  if (begin == at || end == 0) return false;
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

// Whether digits that end before `at` may be all of a phone number: an extension may stand behind it, 0143x12.
bool ends_phone(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_word(text[at])) return true;
  return (text[at] == 'x' || text[at] == 'X') && at + 1 < text.size() && is_digit(text[at + 1]);
}

// Whether the text has that shape at `at`, and no digit behind it: 9 stands for a digit, - for one of ./-
bool shaped(std::string_view text, std::size_t at, std::string_view shape) {
  if (text.size() - at < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char byte = text[at + i];
    const bool fits = shape[i] == '9'   ? is_digit(byte)
                      : shape[i] == '-' ? byte == '.' || byte == '/' || byte == '-'
                                        : byte == shape[i];
    if (!fits) return false;
  }
  return at + shape.size() == text.size() || !is_digit(text[at + shape.size()]);
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
  return ends_phone(text, at) ? at : 0;
}

// What of a phone number was read up to a gap of `gap` separators before `at`, where digits go on.
struct Read {
  std::size_t at = 0, gap = 0, group = 0, digits = 0;  // group: the digits before the gap that stand in one
};

// Whether those digits are another number's, or a date or time.
bool begins_another(std::string_view text, const Read& read) {
  constexpr std::size_t kWhole = 7, kFewest = 9;
  const std::size_t at = read.at;
  if (text[at - 1] == '(' || (text[at - read.gap] == ' ' && read.group >= kWhole)) return true;
  for (const char* shape : {"9999-99-99", "99-99-9999", "99:99", "9:99"}) {
    if (shaped(text, at, shape)) return true;
  }
  if (three_three_four(text, at) != 0) return true;
  const std::size_t zeros = text.substr(at).find_first_not_of('0');
  if (read.digits < kFewest || (zeros != 1 && zeros != 2)) return false;
  std::size_t digits = 0;
  for (std::size_t i = at; i < text.size() && digits < kFewest; ++i) {
    if (is_digit(text[i])) ++digits;
    if (!is_digit(text[i]) && !is_separator(text[i])) break;
  }
  return digits >= kFewest;
}

struct Lengths {
  std::size_t fewest = 0, most = 0;
  bool separated = false;  // behind the first digit some separator is needed
};

// The farthest end of a phone number of so many digits, with at most two separators between two of them; 0: there is none.
std::size_t phone_end(std::string_view text, std::size_t begin, const Lengths& lengths) {
  Read read;
  bool separated = false;
  std::size_t end = 0;
  for (std::size_t at = begin; at < text.size() && read.gap <= 2; ++at) {
    if (!is_digit(text[at])) {
      if (!is_separator(text[at])) break;
      ++read.gap;
      continue;
    }
    if (read.gap > 0) {
      read.at = at;
      if (end != 0 && begins_another(text, read)) break;
      separated = separated || read.digits > 1;
      read.gap = read.group = 0;
    }
    ++read.group;
    if (++read.digits > lengths.most) break;
    const bool enough = read.digits >= lengths.fewest && (separated || !lengths.separated);
    if (enough && ends_phone(text, at + 1)) end = at + 1;
  }
  return end;
}

bool phone_at(std::string_view text, std::size_t begin, Found& found) {
  const bool trunk = text[begin] == '0' || text.substr(begin).starts_with("(0");
  std::size_t end = 0;
  if (text[begin] == '+') {
    end = phone_end(text, begin + 1, {8, 15, false});
  } else {
    if (text.substr(begin).starts_with("00")) end = phone_end(text, begin, {10, 17, false});
    if (end == 0 && trunk) end = phone_end(text, begin, {9, 12, true});
    if (end == 0) end = three_three_four(text, begin);
    if (end == 0 && text[begin] == '1' && begin + 2 < text.size() && is_separator(text[begin + 1]))
      end = three_three_four(text, begin + 2);
  }
  if (end == 0) return false;
  found = {begin, end, Detected::phone};
  return true;
}

// Whether a number may begin at `at`: no letter, digit or sign of a longer one stands before.
bool begins(std::string_view text, std::size_t from, std::size_t at) {
  return at == from || (!is_word(text[at - 1]) && text[at - 1] != '+' && text[at - 1] != '@');
}

// Whether a digit and one of ./- stand before: `at` may be inside a date, or behind the point of a decimal number.
bool continues(std::string_view text, std::size_t from, std::size_t at) {
  return at > from + 1 && std::string_view("./-").find(text[at - 1]) != std::string_view::npos &&
         is_digit(text[at - 2]);
}

// Whether two numbers of three, three and four digits stand there, which together may have a card's sum by chance.
bool two_phones(std::string_view text, std::size_t at) {
  const std::size_t end = three_three_four(text, at);
  if (end == 0) return false;
  const std::size_t next = text.find_first_not_of(" .-/)", end);
  return next != std::string_view::npos && next - end <= 2 && three_three_four(text, next) != 0;
}

bool number_at(std::string_view text, std::size_t from, std::size_t at, const Kinds& kinds, Found& found) {
  const bool inside = is_digit(text[at]) && continues(text, from, at);
  const bool fraction = inside && text[at - 1] == '.';
  const bool phones = kinds.phone && !inside && two_phones(text, at);
  if (kinds.card && is_digit(text[at]) && !fraction && !phones && card_at(text, at, found)) return true;
  return kinds.phone && !inside && phone_at(text, at, found);
}

}  // namespace

bool find_personal(std::string_view text, std::size_t from, const Kinds& kinds, Found& found) {
  std::size_t local_end = from;  // behind what may be the local part of an address around `at`
  for (std::size_t at = from; at < text.size(); ++at) {
    const char byte = text[at];
    if (byte == '@') {
      if (kinds.email && email_around(text, from, at, found)) return true;
      continue;
    }
    if (!is_digit(byte) && byte != '+' && byte != '(') continue;
    if (!begins(text, from, at)) continue;
    // An address may begin with what looks like a number: 4155552671@example.com.
    local_end = std::max(local_end, at);
    while (local_end < text.size() && is_local(text[local_end])) ++local_end;
    const bool address = local_end < text.size() && text[local_end] == '@';
    if (kinds.email && address && email_around(text, from, local_end, found)) return true;
    if (number_at(text, from, at, kinds, found)) return true;
  }
  return false;
}

}  // namespace weir::mask
