#include "ranges.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>

#include <arpa/inet.h>
#include <weir/weir.hpp>

namespace geoip {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

[[noreturn]] void refuse(const std::string& path, std::size_t line, const std::string& message) {
  throw weir::Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, path + ":" + std::to_string(line) + ": " + message)
      .option("/table");
}

// The fields of a line of CSV: a quoted one may hold commas and doubled quotes, but no line break.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

// The first and the last address of "192.0.2.0/24".
std::optional<std::pair<Address, Address>> network_of(std::string_view text) {
  const auto slash = text.find('/');
  const auto first = address_of(text.substr(0, slash));
  if (!first || slash == text.npos) return std::nullopt;
  const bool is_v4 = text.find(':') == text.npos;
  unsigned bits = 0;
  const auto [end, wrong] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
  if (wrong != std::errc() || end != text.data() + text.size() || bits > (is_v4 ? 32U : 128U)) return std::nullopt;
  if (is_v4) bits += 96;
  Address last = *first;
  for (unsigned bit = bits; bit < 128; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if ((last[bit / 8] & mask) != 0) return std::nullopt;  // 192.0.2.1/24 is no network
    last[bit / 8] |= mask;
  }
  return std::pair(*first, last);
}

std::size_t index_of(const std::vector<std::string>& header, std::string_view name) {
  return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
}

}  // namespace

std::optional<Address> address_of(std::string_view text) {
  char ended[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof ended || text.find('\0') != text.npos) return std::nullopt;
  std::memcpy(ended, text.data(), text.size());
  ended[text.size()] = '\0';
  Address address{};
  if (text.find(':') != text.npos) {
    if (inet_pton(AF_INET6, ended, address.data()) != 1) return std::nullopt;
    return address;
  }
  address[10] = address[11] = 0xFF;
  if (inet_pton(AF_INET, ended, address.data() + 12) != 1) return std::nullopt;
  return address;
}

Ranges::Ranges(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw weir::Failure(WEIR_NOT_FOUND, WEIR_FAULT_MANIFEST,
                        "expected a table of networks at " + path + ": " + std::strerror(errno))
        .option("/table");
  }
  std::string line;
  std::getline(file, line);
  if (line.starts_with(kBom)) line.erase(0, kBom.size());
  if (line.ends_with('\r')) line.pop_back();
  const std::vector<std::string> header = fields_of(line);
  const std::size_t network = index_of(header, "network"), start = index_of(header, "start"),
                    end = index_of(header, "end");
  const bool by_network = network < header.size();
  if (!by_network && (start == header.size() || end == header.size()))
    refuse(path, 1, "expected a column network, or two, start and end; found " + line);
  const auto is_fact = [&](std::size_t i) { return by_network ? i != network : i != start && i != end; };
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (is_fact(i)) facts_.push_back(header[i]);
  }

  for (std::size_t number = 2; std::getline(file, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    std::vector<std::string> fields = fields_of(line);
    if (fields.size() != header.size()) {
      refuse(path, number,
             "expected " + std::to_string(header.size()) + " fields, found " + std::to_string(fields.size()));
    }
    Range range{{}, {}, number, {}};
    if (by_network) {
      const auto found = network_of(fields[network]);
      if (!found) refuse(path, number, "expected a network such as 192.0.2.0/24, found " + fields[network]);
      std::tie(range.first, range.last) = *found;
    } else {
      const auto first = address_of(fields[start]), last = address_of(fields[end]);
      if (!first || !last || *last < *first)
        refuse(path, number, "expected two addresses in order, found " + fields[start] + " and " + fields[end]);
      range.first = *first;
      range.last = *last;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (is_fact(i)) range.values.push_back(std::move(fields[i]));
    }
    ranges_.push_back(std::move(range));
  }
  if (file.bad()) refuse(path, 1, "expected to read the whole table");

  std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < ranges_.size(); ++i) {
    if (ranges_[i].first <= ranges_[i - 1].last) {
      const auto [one, other] = std::minmax(ranges_[i - 1].line, ranges_[i].line);
      refuse(path, other, "expected networks that do not overlap, found one that line " + std::to_string(one) + " has");
    }
  }
}

const std::vector<std::string>* Ranges::find(const Address& address) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                      [](const Address& wanted, const Range& range) { return wanted < range.first; });
  if (after == ranges_.begin() || std::prev(after)->last < address) return nullptr;
  return &std::prev(after)->values;
}

}  // namespace geoip
