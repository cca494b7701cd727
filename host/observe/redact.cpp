// Redaction: one pass over the text; at each byte that may begin a secret the longest that fits is taken.
#include "observe/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>

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

// Base64 of bytes that may stand in the middle of others: for each of the three ways that they can be aligned, the
// digits that depend on them alone.
void add_base64(std::string_view text, std::vector<std::string>& all) {
  static constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static constexpr std::string_view kForUrls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const std::string_view digits : {kStandard, kForUrls}) {
    for (std::size_t before = 0; before < 3; ++before) {
      std::string encoded;
      const std::size_t held = 8 * before;  // bits of others in front
      const std::size_t end = held + 8 * text.size();
      for (std::size_t digit = (held + 5) / 6; 6 * digit + 6 <= end; ++digit) {
        unsigned bits = 0;
        for (std::size_t bit = 6 * digit; bit < 6 * digit + 6; ++bit) {
          const std::size_t own = bit - held;
          const auto byte = static_cast<unsigned char>(text[own / 8]);
          bits = (bits << 1U) | ((byte >> (7 - own % 8)) & 1U);
        }
        encoded += digits[bits];
      }
      all.push_back(std::move(encoded));
    }
  }
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

bool is_word(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 0x80 || letter == '_' || std::isalnum(byte) != 0;
}

// Whether the bytes [at, at + length) are not a part of a longer word.
bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  const std::size_t end = at + length;
  const bool begins = at == 0 || !is_word(text[at]) || !is_word(text[at - 1]);
  return begins && (end >= text.size() || !is_word(text[end - 1]) || !is_word(text[end]));
}

// How many bytes of `needle` the text ends with, from `at` on, if it ends or is cut there; 0: it does not.
std::size_t cut_within(std::string_view rest, std::string_view needle) {
  const auto [stopped, ignored] = std::mismatch(rest.begin(), rest.end(), needle.begin(), needle.end());
  const auto same = static_cast<std::size_t>(stopped - rest.begin());
  const std::string_view after = rest.substr(same);
  const bool cut =
      after.empty() || after.starts_with("…") || after.starts_with("...") || after.starts_with("\xEF\xBF\xBD");
  return cut && same >= Redactor::kAnywhere ? same : 0;
}

// The column, from 1, that a byte of `line` has once the line is redacted.
std::uint64_t moved(const Redactor& redactor, const std::string& line, std::uint64_t column) {
  if (column == 0 || column > line.size()) return column;
  return redactor.redact(line.substr(0, column - 1)).size() + 1;
}

}  // namespace

nlohmann::ordered_json redacted_texts(nlohmann::ordered_json document,
                                      const std::function<std::string(std::string)>& redact) {
  if (document.is_string()) return redact(document.get<std::string>());
  if (document.is_array()) {
    for (auto& item : document) item = redacted_texts(std::move(item), redact);
  }
  if (!document.is_object()) return document;
  auto object = nlohmann::ordered_json::object();
  for (auto& [key, value] : document.items()) object[redact(key)] = redacted_texts(std::move(value), redact);
  return object;
}

void Redactor::add(std::string_view secret) {
  std::vector<std::string> fresh = spellings(secret);
  add_base64(secret, fresh);
  if (secret.find('\n') != std::string_view::npos) {
    for (std::size_t at = 0; at < secret.size();) {
      const std::size_t end = std::min(secret.find('\n', at), secret.size());
      const auto lines = spellings(secret.substr(at, end - at - (end > at && secret[end - 1] == '\r' ? 1 : 0)));
      fresh.insert(fresh.end(), lines.begin(), lines.end());
      at = end + 1;
    }
  }
  if (secret.size() < kShortest) return;
  const std::unique_lock lock(mutex_);
  for (std::string& needle : fresh) {
    if (needle.size() >= kShortest) needles_.push_back(std::move(needle));
  }
  std::sort(needles_.begin(), needles_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  needles_.erase(std::unique(needles_.begin(), needles_.end()), needles_.end());
}

// The length of the longest secret that begins at `at`; 0: none.
std::size_t Redactor::found_at(std::string_view text, std::size_t at) const {
  const std::string_view rest = text.substr(at);
  std::size_t cut = 0;
  for (const std::string& needle : needles_) {
    if (needle.front() != rest.front()) continue;
    if (rest.starts_with(needle)) {
      if (needle.size() >= kAnywhere || stands_alone(text, at, needle.size())) return std::max(needle.size(), cut);
    } else if (needle.size() > kAnywhere) {
      cut = std::max(cut, cut_within(rest, needle));
    }
  }
  return cut;
}

std::string Redactor::redact(std::string text) const {
  const std::shared_lock lock(mutex_);
  if (needles_.empty()) return text;
  std::array<bool, 256> begins{};
  for (const std::string& needle : needles_) begins[static_cast<unsigned char>(needle.front())] = true;
  const std::string_view whole = text;
  std::string shown;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < whole.size();) {
    const bool possible = begins[static_cast<unsigned char>(whole[at])];
    const std::size_t length = possible ? found_at(whole, at) : 0;
    if (length == 0) {
      ++at;
      continue;
    }
    shown.append(whole.substr(copied, at - copied)).append("***");
    at += length;
    copied = at;
  }
  if (copied == 0) return text;
  return shown.append(whole.substr(copied));
}

base::Error Redactor::redact(base::Error error) const {
  if (empty()) return error;
  for (std::string* const text : {&error.message, &error.hint, &error.link, &error.place.file}) *text = redact(*text);
  base::Place& place = error.place;
  if (std::string line = redact(place.source_line); line != place.source_line) {
    place.column = moved(*this, place.source_line, place.column);
    place.length =
        std::min<std::uint64_t>(place.length, line.size() + 1 - std::min<std::uint64_t>(place.column, line.size()));
    place.source_line = std::move(line);
  }
  for (base::Error& other : error.also) other = redact(std::move(other));
  return error;
}

bool Redactor::empty() const {
  const std::shared_lock lock(mutex_);
  return needles_.empty();
}

}  // namespace weir::observe
