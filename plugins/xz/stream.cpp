#include "stream.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <string>

namespace weir::xz {
namespace {

constexpr std::string_view kMagic("\xFD\x37\x7A\x58\x5A\x00", 6);
constexpr std::uint64_t kUnknown = ~std::uint64_t{0}, kImplausible = std::uint64_t{1} << 38U;  // as liblzma has it

std::uint64_t number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Encoders write 2^n or 2^n + 2^(n-1), or all ones.
bool plausible_dictionary(std::uint32_t size) {
  if (size == UINT32_MAX) return true;
  const std::uint32_t highest = std::bit_floor(size);
  return size >= LZMA_DICT_SIZE_MIN && (size == highest || size == highest + highest / 2);
}

// Rounded up, for whoever raises the limit to it.
std::uint64_t whole_mebibytes(std::uint64_t bytes) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
  return (bytes + kMebibyte - 1) / kMebibyte * kMebibyte;
}

void check(lzma_ret code) {
  if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
  if (code != LZMA_OK) {
    throw Failure(WEIR_INTERNAL, WEIR_FAULT_PLUGIN,
                  "liblzma: expected a decoder, found its code " + std::to_string(code));
  }
}

}  // namespace

bool begins_alone(std::string_view head) {
  if (head.empty()) return false;
  const auto properties = static_cast<unsigned char>(head[0]);
  const unsigned literal_context = properties % 9U, literal_position = properties / 9U % 5U;
  if (properties >= 225 || literal_context + literal_position > LZMA_LCLP_MAX) return false;
  // The lowest byte of a size that is plausible.
  if (head.size() > 1 && head[1] != 0 && head[1] != '\xFF') return false;
  if (head.size() >= 5 && !plausible_dictionary(static_cast<std::uint32_t>(number(head.substr(1, 4))))) return false;
  if (head.size() < 13) return true;
  const std::uint64_t content = number(head.substr(5, 8));
  return content == kUnknown || content < kImplausible;
}

Stream::Stream(const Context& context)
    : memory_bytes_(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(context.config().integer("/memory")))),
      threads_(static_cast<std::uint32_t>(context.config().integer("/threads"))) {}

bool Stream::begins(std::string_view head) const {
  if (kind_ != Kind::alone && kMagic.starts_with(head)) return true;
  return kind_ == Kind::none && begins_alone(head);
}

void Stream::begin() { opened_ = false; }

void Stream::open(std::string_view head) {
  kind_ = head == kMagic ? Kind::xz : Kind::alone;
  opened_ = true;
  if (kind_ == Kind::alone) return check(lzma_alone_decoder(&stream_, memory_bytes_));
  if (threads_ <= 1) return check(lzma_stream_decoder(&stream_, memory_bytes_, LZMA_TELL_UNSUPPORTED_CHECK));
  lzma_mt options{};
  options.flags = LZMA_TELL_UNSUPPORTED_CHECK;
  options.threads = threads_;
  options.memlimit_threading = memory_bytes_;
  options.memlimit_stop = memory_bytes_;
  check(lzma_stream_decoder_mt(&stream_, &options));
}

bool Stream::take(CodecBuffers& buffers, const FramePlace& place) {
  if (!opened_) open(buffers.rest());
  // With several threads liblzma waits for them only if it knows that nothing else comes.
  const lzma_action action = buffers.last() ? LZMA_FINISH : LZMA_RUN;
  const lzma_ret code = buffers.lend(stream_, [&] { return lzma_code(&stream_, action); });
  if (code == LZMA_STREAM_END) return true;
  if (code == LZMA_OK || code == LZMA_BUF_ERROR) return false;
  refuse(code, place);
}

void Stream::refuse(lzma_ret code, const FramePlace& place) {
  switch (code) {
    case LZMA_MEM_ERROR: throw std::bad_alloc();
    case LZMA_MEMLIMIT_ERROR:
      throw place
          .refused("a stream that takes at most " + exact_size(memory_bytes_) + " of memory",
                   "one that takes " + exact_size(whole_mebibytes(lzma_memusage(&stream_))))
          .hint("if there is the memory for it, raise memory: of its codec");
    case LZMA_UNSUPPORTED_CHECK:
      throw place.refused("a stream with a checksum of CRC32, CRC64 or SHA-256", "another kind")
          .hint("the file was damaged, or written by a newer xz: write it again with --check=crc64");
    case LZMA_OPTIONS_ERROR:
      throw place.refused("a stream with options that liblzma knows", "others")
          .hint("the file was damaged, or written by a newer xz: fetch or write it again");
    case LZMA_FORMAT_ERROR: throw place.damaged("a header that no encoder makes");
    default: throw place.damaged("a block that no encoder makes, or another checksum");
  }
}

}  // namespace weir::xz
