// The header of a gzip member (RFC 1952), taken apart byte by byte:
//
//   header = 1f 8b 08 FLAGS time(4) extra-flags system
//            [length(2) bytes]FEXTRA [name 00]FNAME [comment 00]FCOMMENT [crc(2)]FHCRC
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::gzip {

// Skips the header of one member, whose first two bytes are known to be right. Throws a Failure at the first byte that can't
// be one's. Threads: as a value.
class Header {
 public:
  // Consumes bytes of `in` from `at` on, and moves `at`; gives true once the header is complete.
  bool consume(std::string_view in, std::size_t& at);

 private:
  enum class Part { fixed, extra_length, extra, name, comment, checksum, complete };

  void fixed(std::uint8_t byte);
  void step(std::uint8_t byte);
  // Goes on with the next part that the flags announce.
  void after(Part part);

  std::array<std::uint8_t, 10> fixed_{};
  std::size_t count_ = 0;    // bytes of fixed_ so far
  std::uint32_t left_ = 0;   // bytes of the part that are to come, where that is known
  std::uint32_t value_ = 0;  // of a number that is being read, least significant byte first
  std::uint32_t shift_ = 0;
  std::uint32_t crc_ = 0;
  Part part_ = Part::fixed;
};

}  // namespace weir::gzip
