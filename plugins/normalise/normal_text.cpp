#include "normal_text.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <utf8proc.h>

namespace weir::normalise {
namespace {

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    all |= eight;
  }
  for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
  return (all & 0x8080808080808080ULL) == 0;
}

bool is_space(char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

// The property White_Space of Unicode.
bool is_space(std::int32_t point) {
  if (point < 0x80) return is_space(static_cast<char>(point));
  if (point == 0x85 || point == 0x2028 || point == 0x2029) return true;
  return utf8proc_category(point) == UTF8PROC_CATEGORY_ZS;
}

bool is_upper(char byte) { return byte >= 'A' && byte <= 'Z'; }
bool is_lower(char byte) { return byte >= 'a' && byte <= 'z'; }

// White space that collapsing would change: any but a blank alone.
bool has_wide_space(std::string_view text) {
  bool blank = false;
  for (const char byte : text) {
    if (is_space(byte) && (blank || byte != ' ')) return true;
    blank = byte == ' ';
  }
  return false;
}

// Takes what `is` says off both ends; gives how many are left, from `begin` on.
template <class Items, class Is>
std::size_t trimmed(const Items& items, std::size_t& begin, const Is& is) {
  std::size_t end = items.size();
  begin = 0;
  while (begin < end && is(items[begin])) ++begin;
  while (end > begin && is(items[end - 1])) --end;
  return end - begin;
}

}  // namespace

std::string_view NormalText::of(std::string_view text) { return is_ascii(text) ? of_ascii(text) : of_unicode(text); }

std::string_view NormalText::of_ascii(std::string_view text) {
  if (rules_.trim) {
    std::size_t begin = 0;
    const std::size_t count = trimmed(text, begin, [](char byte) { return is_space(byte); });
    text = text.substr(begin, count);
  }
  const bool collapses = rules_.collapse && has_wide_space(text);
  const bool lowers = rules_.letters == Case::lower && std::any_of(text.begin(), text.end(), is_upper);
  const bool raises = rules_.letters == Case::upper && std::any_of(text.begin(), text.end(), is_lower);
  if (!collapses && !lowers && !raises) return text;
  made_.clear();
  bool space = false;
  for (const char byte : text) {
    if (collapses && is_space(byte)) {
      if (!space) made_ += ' ';
      space = true;
      continue;
    }
    space = false;
    const bool turns = (lowers && is_upper(byte)) || (raises && is_lower(byte));
    made_ += turns ? static_cast<char>(byte ^ 0x20) : byte;
  }
  return made_;
}

std::string_view NormalText::of_unicode(std::string_view text) {
  int options = 0;
  if (rules_.form != Form::keep) options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
  if (rules_.form == Form::nfkc) options |= UTF8PROC_COMPAT;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  if (points_.size() < text.size()) points_.resize(text.size());
  const auto convert = [&] {
    return utf8proc_decompose(bytes, size, points_.data(), static_cast<utf8proc_ssize_t>(points_.size()),
                              static_cast<utf8proc_option_t>(options));
  };
  utf8proc_ssize_t count = convert();
  if (count < 0) return text;
  if (static_cast<std::size_t>(count) > points_.size()) {
    points_.resize(static_cast<std::size_t>(count));
    count = convert();
  }
  if (options != 0) {
    count = utf8proc_normalize_utf32(points_.data(), count, static_cast<utf8proc_option_t>(options));
  }
  std::size_t begin = 0;
  std::vector<std::int32_t>& points = points_;
  struct Stretch {
    const std::int32_t* first;
    std::size_t length;
    std::size_t size() const { return length; }
    std::int32_t operator[](std::size_t i) const { return first[i]; }
  } const all{points.data(), static_cast<std::size_t>(count)};
  const std::size_t left =
      rules_.trim ? trimmed(all, begin, [](std::int32_t point) { return is_space(point); }) : all.size();
  made_.clear();
  bool space = false;
  for (std::size_t i = begin; i < begin + left; ++i) {
    std::int32_t point = points[i];
    if (rules_.collapse && is_space(point)) {
      if (!space) made_ += ' ';
      space = true;
      continue;
    }
    space = false;
    if (rules_.letters == Case::lower) point = utf8proc_tolower(point);
    if (rules_.letters == Case::upper) point = utf8proc_toupper(point);
    utf8proc_uint8_t encoded[4];
    const utf8proc_ssize_t length = utf8proc_encode_char(point, encoded);
    made_.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
  }
  return made_;
}

}  // namespace weir::normalise
