// Redaction: one pass over the text; at each byte that may begin a secret the longest that fits is taken.
#include "observe/redact.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <nlohmann/json.hpp>

namespace weir::observe {
namespace {

std::string json_escaped(std::string_view text, bool ascii) {
  const std::string quoted = nlohmann::json(text).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

// Percent-encodes all but unreserved letters, and those of `kept`.
std::string url_encoded(std::string_view text, std::string_view kept, std::string_view digits) {
  static constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (kUnreserved.find(letter) != std::string_view::npos || kept.find(letter) != std::string_view::npos) {
      encoded += letter;
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

std::string with_plus(std::string encoded) {
  for (std::size_t at = encoded.find("%20"); at != std::string::npos; at = encoded.find("%20", at))
    encoded.replace(at, 3, "+");
  return encoded;
}

// The spellings of a secret under which it may turn up.
std::vector<std::string> spellings(std::string_view secret) {
  static constexpr std::string_view kUpper = "0123456789ABCDEF";
  static constexpr std::string_view kLower = "0123456789abcdef";
  std::vector<std::string> all{std::string(secret), json_escaped(secret, false), json_escaped(secret, true)};
  all.push_back(json_escaped(all[1], false));  // JSON inside JSON: a logged request
  for (const std::string_view digits : {kUpper, kLower}) {
    all.push_back(url_encoded(secret, "", digits));
    all.push_back(url_encoded(secret, "/", digits));
    all.push_back(with_plus(url_encoded(secret, "", digits)));
  }
  return all;
}

}  // namespace

void Redactor::add(std::string_view secret) {
  std::vector<std::string> fresh = spellings(secret);
  if (secret.find('\n') != std::string_view::npos) {
    for (std::size_t at = 0; at < secret.size();) {
      const std::size_t end = std::min(secret.find('\n', at), secret.size());
      const auto lines = spellings(secret.substr(at, end - at - (end > at && secret[end - 1] == '\r' ? 1 : 0)));
      fresh.insert(fresh.end(), lines.begin(), lines.end());
      at = end + 1;
    }
  }
  const std::unique_lock lock(mutex_);
  for (std::string& needle : fresh) {
    if (needle.size() >= kShortest) needles_.push_back(std::move(needle));
  }
  std::sort(needles_.begin(), needles_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  needles_.erase(std::unique(needles_.begin(), needles_.end()), needles_.end());
}

std::string Redactor::redact(std::string text) const {
  const std::shared_lock lock(mutex_);
  if (needles_.empty()) return text;
  std::array<bool, 256> begins{};
  for (const std::string& needle : needles_) begins[static_cast<unsigned char>(needle.front())] = true;
  const std::string_view rest = text;
  std::string shown;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < rest.size();) {
    const auto fits = [&rest, at](const std::string& needle) { return rest.substr(at, needle.size()) == needle; };
    const bool possible = begins[static_cast<unsigned char>(rest[at])];
    const auto found = possible ? std::find_if(needles_.begin(), needles_.end(), fits) : needles_.end();
    if (found == needles_.end()) {
      ++at;
      continue;
    }
    shown.append(rest.substr(copied, at - copied)).append("***");
    at += found->size();
    copied = at;
  }
  if (copied == 0) return text;
  return shown.append(rest.substr(copied));
}

bool Redactor::empty() const {
  const std::shared_lock lock(mutex_);
  return needles_.empty();
}

}  // namespace weir::observe
