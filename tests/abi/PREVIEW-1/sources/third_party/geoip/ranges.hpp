// Ranges: a table of networks and what is known of each, read from a CSV file, and looked up by address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace geoip {

// 16 bytes, most significant first; an address of IPv4 is ::ffff:a.b.c.d.
using Address = std::array<std::uint8_t, 16>;

// Takes "192.0.2.7" or "2001:db8::7".
std::optional<Address> address_of(std::string_view text);

// Immutable once read. Threads: any.
class Ranges {
 public:
  // Reads a CSV file with a header: a column `network` ("192.0.2.0/24") or two, `start` and `end`; all others are facts.
  // Throws a weir::Failure (fault data) that names the file and the line.
  explicit Ranges(const std::string& path);

  // The names of the facts, in the order of the file.
  const std::vector<std::string>& facts() const { return facts_; }
  // What is known of an address, in the order of facts(); null: nothing. Valid as long as this.
  const std::vector<std::string>* find(const Address& address) const;

 private:
  struct Range {
    Address first, last;
    std::size_t line;
    std::vector<std::string> values;
  };

  std::vector<std::string> facts_;
  std::vector<Range> ranges_;  // by their first address; none overlaps
};

}  // namespace geoip
