// Decompresses gzip:
//
//   header -> body -> trailer -> behind -> header ...     behind: a member has ended; zeros there are padding
//                                   '-> (end of input)
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <weir/cpp/storage.hpp>

#include "header.hpp"

namespace weir::gzip {

// Threads: one call at a time. Throws Failures (fault DATA) as step() of a codec may.
class Decompressor {
 public:
  explicit Decompressor(const Context& context);
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out);

 private:
  enum class State { header, body, trailer, behind };

  void body(std::string_view in, std::size_t& at, std::span<std::uint8_t> out, std::uint64_t& produced);
  bool trailer(std::string_view in, std::size_t& at);
  // Skips padding; gives true if another member may begin at `at`.
  bool behind(std::string_view in, std::size_t& at);
  void check_trailer() const;
  [[noreturn]] void cut_short() const;

  z_stream stream_{};
  Header header_;
  State state_ = State::header;
  std::array<std::uint8_t, 8> trailer_{};
  std::size_t trailer_count_ = 0;
  std::uint32_t crc_ = 0;
  std::uint64_t length_ = 0;    // of the member, decompressed
  std::uint64_t position_ = 0;  // in the input
  std::uint64_t members_ = 0;   // that have ended
  bool padded_ = false;         // zeros stood behind the last member
};

}  // namespace weir::gzip
