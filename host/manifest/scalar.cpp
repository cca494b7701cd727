// The core schema of YAML 1.2, by hand: each rule is one function.
#include "manifest/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weir::manifest {
namespace {

std::string_view without_plus(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool resolve_boolean(Node& node) {
  for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    if (node.text != word) continue;
    node.kind = Kind::boolean;
    node.boolean = word.size() == 4;
    return true;
  }
  return false;
}

// 0x1F and 0o17, up to 63 bits.
bool resolve_based(Node& node) {
  const std::string_view text = node.text;
  const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
  if (base == 0 || text.size() < 3 || text[2] == '-') return false;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  if (problem != std::errc{} || end != text.data() + text.size()) return false;
  node.kind = Kind::integer;
  node.integer = value;
  node.number = static_cast<double>(value);
  return true;
}

// Whether the text, without its sign, is [0-9]+ or a decimal with fraction or exponent.
bool is_decimal(std::string_view text, bool& whole) {
  whole = all_digits(text);
  if (whole) return true;
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  if (mark < text.size()) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+') || exponent.starts_with('-')) exponent.remove_prefix(1);
    if (!all_digits(exponent)) return false;
  }
  const std::string_view mantissa = text.substr(0, mark);
  const std::size_t dot = mantissa.find('.');
  if (dot == std::string_view::npos) return all_digits(mantissa);
  const std::string_view before = mantissa.substr(0, dot);
  const std::string_view after = mantissa.substr(dot + 1);
  if (before.empty() && after.empty()) return false;
  return (before.empty() || all_digits(before)) && (after.empty() || all_digits(after));
}

}  // namespace

bool set_number(Node& node, bool whole) {
  const std::string_view text = without_plus(node.text);
  const char* const end = text.end();
  if (whole) {
    const auto [stopped, problem] = std::from_chars(text.begin(), end, node.integer);
    if (problem == std::errc{} && stopped == end) {
      node.kind = Kind::integer;
      node.number = static_cast<double>(node.integer);
      return true;
    }
    node.integer = 0;
  }
  const auto [stopped, problem] = std::from_chars(text.begin(), end, node.number);
  if (stopped != end || !(problem == std::errc{} || problem == std::errc::result_out_of_range)) return false;
  if (problem == std::errc::result_out_of_range) {  // too small is zero, too large is nothing
    const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos ||
                      text.find_first_of("eE") == std::string_view::npos;
    if (!tiny || whole) return false;
    node.number = 0;
  }
  node.kind = Kind::number;
  return std::isfinite(node.number);
}

void resolve_plain(Node& node) {
  node.kind = Kind::text;
  if (resolve_boolean(node) || resolve_based(node)) return;
  std::string_view text = node.text;
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  bool whole = false;
  if (is_decimal(text, whole) && !set_number(node, whole)) node.kind = Kind::text;
}

}  // namespace weir::manifest
