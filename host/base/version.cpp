// Semantic versions: parsed by the grammar of semver.org, shortened forms allowed.
#include "base/version.hpp"

#include <algorithm>
#include <charconv>

namespace weir::base {
namespace {

constexpr std::string_view kIdentifier = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.";

Unexpected no_version(std::string_view what, std::string_view text, std::string hint) {
  Error error = manifest_error("manifest.version",
                               "expected " + std::string(what) + ", found \"" + std::string(text.substr(0, 60)) + "\"");
  error.hint = std::move(hint);
  return unexpected(std::move(error));
}

// Parses 1, 1.2 or 1.2.3 and counts its parts; 0: it is not that.
int parse_numbers(std::string_view text, Version& version) {
  std::uint32_t* const parts[] = {&version.major, &version.minor, &version.patch};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int count = 0; count < 3; ++count) {
    const auto [next, problem] = std::from_chars(at, end, *parts[count]);
    if (problem != std::errc{} || next == at) return 0;
    if (next == end) return count + 1;
    if (*next != '.') return 0;
    at = next + 1;
  }
  return 0;
}

// Compares one dot-separated identifier: numbers below words, numbers by value.
std::strong_ordering compare_identifier(std::string_view a, std::string_view b) {
  const auto numeric = [](std::string_view word) {
    return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (numeric(a) != numeric(b)) return numeric(a) ? std::strong_ordering::less : std::strong_ordering::greater;
  if (numeric(a)) {
    a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
    b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
    if (a.size() != b.size()) return a.size() <=> b.size();
  }
  return a.compare(b) <=> 0;
}

std::strong_ordering compare_pre(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();  // a release stands above its pre-releases
  while (!a.empty() && !b.empty()) {
    const std::string_view x = a.substr(0, a.find('.'));
    const std::string_view y = b.substr(0, b.find('.'));
    if (const auto order = compare_identifier(x, y); order != 0) return order;
    a.remove_prefix(std::min(a.size(), x.size() + 1));
    b.remove_prefix(std::min(b.size(), y.size() + 1));
  }
  return a.size() <=> b.size();
}

struct Parsed {
  Version version;
  int parts = 0;
};

bool parse_parts(std::string_view text, Parsed& parsed) {
  text = text.substr(0, text.find('+'));
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const std::string_view pre = text.substr(dash + 1);
    if (pre.empty() || pre.size() > 64 || pre.find_first_not_of(kIdentifier) != std::string_view::npos) return false;
    parsed.version.pre = pre;
  }
  parsed.parts = parse_numbers(text.substr(0, dash), parsed.version);
  return parsed.parts > 0;
}

// The first version that no longer fits, when all parts before `kept` must stay.
Version after(const Version& lowest, int kept) {
  Version limit;
  limit.major = lowest.major + (kept == 1 ? 1U : 0U);
  limit.minor = kept == 1 ? 0U : lowest.minor + (kept == 2 ? 1U : 0U);
  limit.patch = kept == 3 ? lowest.patch + 1 : 0U;
  return limit;
}

}  // namespace

std::string Version::text() const {
  const std::string numbers = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  return pre.empty() ? numbers : numbers + "-" + pre;
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (const auto order = major <=> other.major; order != 0) return order;
  if (const auto order = minor <=> other.minor; order != 0) return order;
  if (const auto order = patch <=> other.patch; order != 0) return order;
  return compare_pre(pre, other.pre);
}

Result<Version> parse_version(std::string_view text) {
  Parsed parsed;
  if (!parse_parts(text, parsed)) return no_version("a version", text, "write three numbers, such as 1.2.3");
  return parsed.version;
}

bool VersionRange::fits(const Version& version) const {
  const bool same_release =
      version.major == lowest.major && version.minor == lowest.minor && version.patch == lowest.patch;
  if (!version.pre.empty() && (lowest.pre.empty() || !same_release)) return false;
  return version >= lowest && (!limited || version < limit);
}

Result<VersionRange> parse_version_range(std::string_view text) {
  VersionRange range;
  range.text = text;
  if (text == "*") return range;
  std::string_view rest = text;
  const std::size_t end = std::min(rest.find_first_not_of("^~>=<"), rest.size());
  const std::string_view sign = rest.substr(0, end);
  rest.remove_prefix(end);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  Parsed parsed;
  const bool known = sign.empty() || sign == "^" || sign == "~" || sign == ">=" || sign == "=";
  if (!known || !parse_parts(rest, parsed)) {
    return no_version("a range of versions", text, "write ^1.2 (compatible), ~1.2, >=1.2, 1.2.3 (that one) or * (any)");
  }
  range.lowest = parsed.version;
  range.limited = sign != ">=";
  int kept = parsed.parts;
  if (sign == "^")
    kept = range.lowest.major > 0 || parsed.parts == 1 ? 1 : range.lowest.minor > 0 || parsed.parts == 2 ? 2 : 3;
  if (sign == "~") kept = std::min(parsed.parts, 2);
  range.limit = after(range.lowest, kept);
  return range;
}

}  // namespace weir::base
