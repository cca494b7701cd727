// CodecBuffers: the input and the output of one step of a codec, and how far it has got with both.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "storage.hpp"

namespace weir {

// Borrows both for one step. At most 1 GiB of each is offered, for many libraries count in 32 bits: the host comes again.
// Threads: as a value.
class CodecBuffers {
 public:
  CodecBuffers(std::string_view in, bool last, std::span<std::uint8_t> out)
      : in_(in.substr(0, kMost)), out_(out.first(std::min(out.size(), kMost))), last_(last && in.size() <= kMost) {}

  // What is left of the input, and whether nothing comes behind it.
  std::string_view rest() const { return in_.substr(consumed_); }
  bool last() const { return last_; }
  bool at_end() const { return last_ && consumed_ == in_.size(); }
  // What is left of the output.
  std::span<std::uint8_t> room() const { return out_.subspan(produced_); }

  void take(std::size_t count) { consumed_ += count; }
  void made(std::size_t count) { produced_ += count; }
  std::size_t consumed() const { return consumed_; }
  std::size_t produced() const { return produced_; }
  Codec::Step step(bool done) const { return {consumed_, produced_, done}; }

  // Makes one call of a library whose struct has next_in, avail_in, next_out and avail_out (zlib, libbz2, liblzma), and
  // gives what `call` gives.
  template <class Stream, class Call>
  auto lend(Stream& stream, Call&& call) {
    const std::string_view from = rest();
    const std::span<std::uint8_t> to = room();
    // Some of them read through a pointer that is not const, and write nothing there.
    stream.next_in = reinterpret_cast<decltype(stream.next_in)>(const_cast<char*>(from.data()));
    stream.avail_in = static_cast<decltype(stream.avail_in)>(from.size());
    stream.next_out = reinterpret_cast<decltype(stream.next_out)>(to.data());
    stream.avail_out = static_cast<decltype(stream.avail_out)>(to.size());
    const auto outcome = call();
    take(from.size() - stream.avail_in);
    made(to.size() - stream.avail_out);
    return outcome;
  }

 private:
  static constexpr std::size_t kMost = std::size_t{1} << 30U;

  std::string_view in_;
  std::span<std::uint8_t> out_;
  std::size_t consumed_ = 0, produced_ = 0;
  bool last_;
};

}  // namespace weir
