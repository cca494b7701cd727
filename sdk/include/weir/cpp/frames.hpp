// FrameDecompressor: what every codec does around its library to read frames (members, streams) one after the other: it
// tells them apart, skips padding, counts bytes for the places in errors, and refuses what is cut short or no frame.
//
//   between ─► inside ─► between ─► …        between: padding, then the bytes that a frame begins with
//      └─► (end of input)
//
//   struct Frame {                                        // what the codec adds; throws Failures
//     static constexpr FrameFormat kFormat{…};
//     explicit Frame(const Context&);
//     bool begins(std::string_view head) const;           // can one begin so? of 1 to kFormat.head_size bytes
//     void begin();                                       // another frame begins
//     bool take(CodecBuffers&, const FramePlace&);        // all that it can; gives true at the end of the frame
//     std::string_view where() const;                     // "in the compressed data": how far it has got, for errors
//   };
//
// The head is given to take() too, by itself: a frame takes all of it, and makes nothing yet.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "codec_buffers.hpp"
#include "magic.hpp"

namespace weir {

// What is constant of a compressed format.
struct FrameFormat {
  std::string_view name;    // "gzip"
  std::string_view unit;    // what it calls its frames: "member"
  std::string_view magic;   // what a frame begins with, in words: "1f 8b"
  std::size_t head_size;    // so many bytes tell a frame from something else; 8 at most
  std::size_t padding = 0;  // zeros behind a frame are padding, in multiples of this; 0: they are not
  bool frames_behind_padding = false;
};

// A limit or a size in the largest unit that tells it exactly: "64 KiB".
inline std::string exact_size(std::uint64_t bytes) {
  static constexpr std::string_view kUnits[] = {" bytes", " KiB", " MiB"};
  std::size_t unit = 0;
  for (; unit < 2 && bytes >= 1024 && bytes % 1024 == 0; bytes /= 1024) ++unit;
  return std::to_string(bytes) + std::string(kUnits[unit]);
}

// Where in the input a decompressor is, and the errors that tell it. Threads: as a value.
struct FramePlace {
  const FrameFormat& format;
  std::uint64_t position = 0;  // in the input
  std::uint64_t begin = 0;     // of the frame, in the input
  std::uint64_t ended = 0;     // frames that have ended
  std::uint64_t padding = 0;   // zeros behind the last of them

  // The data can't be what an encoder made; `problem` in the library's words.
  Failure damaged(std::string_view problem) const {
    return of(WEIR_DATA_LOSS,
              ": invalid compressed data in " + frame() + ", behind byte " + std::to_string(position) + ": ", problem)
        .hint(kDamaged);
  }
  Failure other_checksum() const {
    return of(WEIR_DATA_LOSS, " checksum: expected that of the content in " + frame() + ", found another")
        .hint(kDamaged);
  }
  // The frame is of a kind that is not read: the caller adds a hint.
  Failure refused(std::string_view expected, std::string_view found) const {
    return of(WEIR_INVALID_ARGUMENT,
              ": expected " + std::string(expected) + " at byte " + std::to_string(begin) + ", found ", found);
  }
  Failure cut_short(std::string_view where) const {
    return of(WEIR_DATA_LOSS, position == 0 ? std::string(" stream ends early: the file is empty")
                                            : " stream ends early: cut short " + std::string(where) + ", after " +
                                                  std::to_string(position) + " bytes")
        .hint("fetch or write the file again: part of it is missing");
  }
  // No frame begins with `head`.
  Failure not_a_frame(std::string_view head) const {
    const std::string found = found_magic(head);
    if (ended == 0) {
      return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                     "not " + std::string(format.name) + ": expected the magic bytes " + std::string(format.magic) +
                         ", found " + found)
          .hint("rename the file if it is not compressed, or name its codec");
    }
    const std::string another = may_follow() ? " or another " + std::string(format.unit) : "";
    return of(WEIR_DATA_LOSS,
              ": expected the end" + another + " behind " + last() + " at byte " + std::to_string(begin) + ", found ",
              found)
        .hint("the file was damaged, or something was appended that is not compressed");
  }
  Failure odd_padding() const {
    return of(WEIR_DATA_LOSS, ": expected padding of a multiple of " + std::to_string(format.padding) +
                                  " bytes behind " + last() + ", found " + std::to_string(padding))
        .hint(kDamaged);
  }
  bool may_follow() const { return padding == 0 || (format.frames_behind_padding && padding % format.padding == 0); }

 private:
  static constexpr const char* kDamaged = "the file was damaged: fetch or write it again";
  std::string last() const { return std::string(format.unit) + " " + std::to_string(ended); }
  std::string frame() const {
    return std::string(format.unit) + " " + std::to_string(ended + 1) + " (from byte " + std::to_string(begin) + ")";
  }
  Failure of(weir_status status, const std::string& message, std::string_view more = {}) const {
    return Failure(status, WEIR_FAULT_DATA, std::string(format.name) + message + std::string(more));
  }
};

// Threads: one call at a time. Throws Failures (fault DATA) as step() of a codec may.
template <class Frame>
class FrameDecompressor {
 public:
  explicit FrameDecompressor(const Context& context) : frame_(context) {}

  Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    CodecBuffers buffers(in, last, out);
    const std::uint64_t start = place_.position;
    bool done = false;
    if (inside_ || enter(buffers)) {
      place_.position = start + buffers.consumed();
      done = frame_.take(buffers, place_);
    }
    place_.position = start + buffers.consumed();
    if (done) {
      inside_ = false;
      ++place_.ended;
      place_.padding = 0;
      head_size_ = 0;
    } else if (buffers.at_end()) {
      done = at_end(buffers.room().empty());
    }
    return buffers.step(done);
  }

 private:
  // Takes padding and the head of a frame; gives true inside of one.
  bool enter(CodecBuffers& buffers) {
    if (head_size_ == 0 && place_.ended > 0 && Frame::kFormat.padding > 0) {
      while (!buffers.rest().empty() && buffers.rest().front() == 0) {
        buffers.take(1);
        ++place_.padding;
      }
    }
    if (head_size_ == 0) place_.begin = place_.position + buffers.consumed();
    for (; head_size_ < Frame::kFormat.head_size && !buffers.rest().empty(); buffers.take(1))
      head_[head_size_++] = buffers.rest().front();
    if (head_size_ < Frame::kFormat.head_size) return false;
    check_head();
    inside_ = true;
    frame_.begin();
    std::array<std::uint8_t, 1> spare{};  // some libraries take nothing where there is no room
    CodecBuffers head(this->head(), false, spare);
    if (frame_.take(head, place_) || !head.rest().empty() || head.produced() > 0) {
      throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN,
                    std::string(Frame::kFormat.name) + ": expected its head to be taken, and no more, found otherwise");
    }
    return true;
  }

  // No input is left: the stream ends here, or was cut short, or its output has not all found room yet.
  bool at_end(bool full) const {
    if (inside_) {
      if (!full) throw place_.cut_short(frame_.where());
      return false;
    }
    if (head_size_ > 0) check_head();
    if (head_size_ > 0 || place_.ended == 0) throw place_.cut_short("in a header");
    if (place_.padding > 0 && place_.padding % Frame::kFormat.padding != 0) throw place_.odd_padding();
    return true;
  }

  std::string_view head() const { return {head_.data(), head_size_}; }
  void check_head() const {
    if (!place_.may_follow() || !frame_.begins(head())) throw place_.not_a_frame(head());
  }

  Frame frame_;
  FramePlace place_{Frame::kFormat};
  std::array<char, 8> head_{};
  std::size_t head_size_ = 0;
  bool inside_ = false;
};

// How many bytes of `head` are skippable frames (5x 2a 4d 18, size, content), which LZ4 and Zstandard share; all of it, if
// one goes beyond.
inline std::size_t skippable_frames(std::string_view head) {
  std::size_t at = 0;
  while (head.size() - at >= 8 && (head[at] & 0xF0) == 0x50 && head.substr(at + 1, 3) == "\x2A\x4D\x18") {
    std::uint64_t size = 8;
    for (unsigned i = 0; i < 4; ++i) size += std::uint64_t{static_cast<unsigned char>(head[at + 4 + i])} << 8U * i;
    if (size > head.size() - at) return head.size();
    at += static_cast<std::size_t>(size);
  }
  return at;
}

}  // namespace weir
