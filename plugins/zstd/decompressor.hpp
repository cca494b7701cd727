// Decompresses zstd, frame after frame:
//
//   between -> header -> body ----> between ...      done at the end of each body
//                 '----> skipped -> between ...
#pragma once

#include <zstd.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <weir/cpp/storage.hpp>

#include "frame_header.hpp"

namespace weir::zstd {

// Threads: one call at a time. Throws Failures (fault DATA) as step() of a codec may.
class Decompressor {
 public:
  // Refuses frames that need a window of more than the option says.
  explicit Decompressor(const Context& context);

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out);

 private:
  enum class State { between, header, skipped, body };
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  // Takes the header to its end, and begins what it announces; gives false if more input is needed.
  bool header(std::string_view in, std::size_t& at);
  bool skipped(std::string_view in, std::size_t& at);
  // Gives true at the end of the frame.
  bool body(std::string_view in, std::size_t& at, std::span<std::uint8_t> out, std::uint64_t& produced);
  // One call of libzstd; moves `at` and `produced`, and gives true at the end of the frame.
  bool feed(std::string_view in, std::size_t& at, std::span<std::uint8_t> out, std::uint64_t& produced);
  void check_header() const;
  [[noreturn]] void refuse_magic() const;
  [[noreturn]] void refuse_data(std::size_t code) const;
  [[noreturn]] void cut_short() const;

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::uint64_t window_bytes_;
  FrameHeader header_;
  State state_ = State::between;
  std::size_t fed_ = 0;         // bytes of header_ that libzstd has
  std::uint64_t left_ = 0;      // bytes of a skippable frame that are to come
  std::uint64_t position_ = 0;  // in the input
  std::uint64_t begin_ = 0;     // of the frame, in the input
  std::uint64_t frames_ = 0;    // that have ended, skipped ones too
};

}  // namespace weir::zstd
