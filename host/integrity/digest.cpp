#include "integrity/digest.hpp"

#include <charconv>
#include <cstdio>

namespace weir::integrity {

std::string Digest::to_text() const {
  char digits[33];
  std::snprintf(digits, sizeof digits, "%016llx%016llx", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return digits;
}

std::optional<Digest> Digest::from_text(std::string_view text) {
  if (text.size() != 32 || text.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  Digest digest;
  std::from_chars(text.data(), text.data() + 16, digest.high, 16);
  std::from_chars(text.data() + 16, text.data() + 32, digest.low, 16);
  return digest;
}

std::string Digest::shown() const {
  const std::string text = to_text();
  return text.substr(0, 4) + "…" + text.substr(30);
}

}  // namespace weir::integrity
