#include "pipeline/links/checksum_file.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kDigits = 64;
constexpr std::size_t kShown = 60;  // bytes of a line, in an error
constexpr std::string_view kHexadecimal = "0123456789abcdefABCDEF";

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kHexadecimal) == std::string_view::npos;
}

// None: an escape that there is not.
std::optional<std::string> without_escapes(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\') {
      plain += name[i];
      continue;
    }
    const char next = ++i < name.size() ? name[i] : '\0';
    if (next != '\\' && next != 'n' && next != 'r') return std::nullopt;
    plain += next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
  }
  return plain;
}

struct Found {
  std::string_view name, digest;
  bool other = false;  // a tagged line of another algorithm
};

// "SHA256 (name) = digest": the last ") = " counts, for names may hold one.
std::optional<Found> tagged(std::string_view line) {
  const std::size_t open = line.find(" ("), close = line.rfind(") = ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) return std::nullopt;
  const std::string_view algorithm = line.substr(0, open);
  if (algorithm.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/") != std::string_view::npos)
    return std::nullopt;
  const std::string_view digest = line.substr(close + 4);
  if (!is_hexadecimal(digest)) return std::nullopt;
  return Found{line.substr(open + 2, close - open - 2), digest, algorithm != "SHA256"};
}

std::optional<Found> plain(std::string_view line) {
  const std::size_t end = line.find_first_of(" \t");
  if (end == std::string_view::npos) return Found{{}, line};
  if (line.find_first_not_of(" \t", end) == std::string_view::npos) return Found{{}, line.substr(0, end)};
  std::size_t name = end + 1;
  if (name < line.size() && (line[name] == ' ' || line[name] == '*')) ++name;
  if (name == line.size()) return std::nullopt;
  return Found{line.substr(name), line.substr(0, end)};
}

std::optional<Found> taken_apart(std::string_view line) {
  auto found = tagged(line);
  return found ? found : plain(line);
}

base::Error bad_line(std::string_view line, const std::string& shown, std::uint64_t number) {
  const std::string part = base::printable(line.substr(0, kShown)) + (line.size() > kShown ? "…" : "");
  return base::make_error(base::Status::data_loss, base::Fault::source, "source.checksum_file",
                          "expected a SHA-256 of 64 hexadecimal digits and the name of a file, found '" + part + "'")
      .with_hint("write it anew with sha256sum; verify: off reads files without it")
      .with_place({shown, number, 1, 0, ""});
}

// Adds what a line tells, if it tells anything; false: it is none.
bool add_line(std::string_view line, std::uint64_t number, std::vector<ChecksumLine>& lines) {
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  const auto found = taken_apart(line);
  if (!found) return false;
  if (found->other) return true;
  ChecksumLine made{std::string(found->name), sha256_of_text(found->digest), number};
  if (made.sha256.empty()) return false;
  if (escaped) {
    auto name = without_escapes(found->name);
    if (!name || name->empty()) return false;
    made.name = std::move(*name);
  }
  lines.push_back(std::move(made));
  return true;
}

}  // namespace

std::string sha256_of_text(std::string_view text) {
  if (text.size() != kDigits || !is_hexadecimal(text)) return {};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char digit) {
    return digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
  });
  return lower;
}

base::Result<std::vector<ChecksumLine>> parse_checksums(std::string_view text, const std::string& shown,
                                                        Digests digests) {
  std::vector<ChecksumLine> lines;
  std::uint64_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const bool is_one = add_line(line, number, lines);
    const bool nameless = !lines.empty() && lines.back().name.empty() && digests == Digests::named;
    if (!is_one || nameless) return base::unexpected(bad_line(line, shown, number));
  }
  if (number == 0) return base::unexpected(bad_line("", shown, 1));
  return lines;
}

}  // namespace weir::pipeline
