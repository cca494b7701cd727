#include "frame.hpp"

#include <zstd_errors.h>

#include <algorithm>
#include <bit>
#include <new>
#include <string>

namespace weir::zstd {
namespace {

constexpr std::uint64_t kLargestWindow = std::uint64_t{1} << 31U;  // libzstd knows no larger one
constexpr int kSmallestWindowLog = 10;

[[noreturn]] void refuse_data(std::size_t code, const FramePlace& place) {
  const ZSTD_ErrorCode error = ZSTD_getErrorCode(code);
  if (error == ZSTD_error_memory_allocation) throw std::bad_alloc();
  if (error == ZSTD_error_checksum_wrong) throw place.other_checksum();
  std::string problem = ZSTD_getErrorString(error);
  problem[0] = static_cast<char>(problem[0] | 0x20);  // libzstd begins with a capital letter
  throw place.damaged(problem);
}

}  // namespace

Frame::Frame(const Context& context)
    : context_(ZSTD_createDCtx()),
      window_bytes_(std::min(static_cast<std::uint64_t>(context.config().integer("/window")), kLargestWindow)) {
  if (context_ == nullptr) throw std::bad_alloc();
  const int log =
      std::max(kSmallestWindowLog, static_cast<int>(std::bit_width(std::max<std::uint64_t>(window_bytes_, 1) - 1)));
  ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, log);
}

bool Frame::begins(std::string_view head) const {
  FrameHeader header;
  std::size_t at = 0;
  header.consume(head, at);
  return header.plausible();
}

void Frame::begin() {
  ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
  header_ = FrameHeader();
  state_ = State::header;
  fed_ = 0;
}

bool Frame::take(CodecBuffers& buffers, const FramePlace& place) {
  if (state_ == State::header) header(buffers, place);
  switch (state_) {
    case State::header: return false;
    case State::skipped: return skipped(buffers);
    case State::body: return body(buffers, place);
  }
  return false;
}

std::string_view Frame::where() const {
  static constexpr std::string_view kWhere[] = {"in a header", "in a skippable frame", "in the compressed data"};
  return kWhere[static_cast<std::size_t>(state_)];
}

void Frame::header(CodecBuffers& buffers, const FramePlace& place) {
  std::size_t at = 0;
  header_.consume(buffers.rest(), at);
  buffers.take(at);
  if (!header_.complete()) return;
  if (header_.skippable()) {
    left_ = header_.content_size();
    state_ = State::skipped;
  } else {
    check_header(place);
    state_ = State::body;
  }
}

bool Frame::skipped(CodecBuffers& buffers) {
  const auto count = std::min<std::uint64_t>(left_, buffers.rest().size());
  buffers.take(static_cast<std::size_t>(count));
  left_ -= count;
  return left_ == 0;
}

bool Frame::body(CodecBuffers& buffers, const FramePlace& place) {
  ZSTD_outBuffer to{buffers.room().data(), buffers.room().size(), 0};
  std::size_t left = 1;
  for (const std::string_view head = header_.bytes(); fed_ < head.size();) {
    ZSTD_inBuffer from{head.data(), head.size(), fed_};
    left = ZSTD_decompressStream(context_.get(), &to, &from);
    if (ZSTD_isError(left) != 0) refuse_data(left, place);
    fed_ = from.pos;
  }
  ZSTD_inBuffer from{buffers.rest().data(), buffers.rest().size(), 0};
  left = ZSTD_decompressStream(context_.get(), &to, &from);
  if (ZSTD_isError(left) != 0) refuse_data(left, place);
  buffers.take(from.pos);
  buffers.made(to.pos);
  return left == 0;
}

void Frame::check_header(const FramePlace& place) const {
  if (header_.reserved()) {
    throw place.refused("a frame of this version of the format", "its reserved bit set")
        .hint("the file was damaged: fetch or write it again");
  }
  if (header_.dictionary() != 0) {
    throw place
        .refused("a frame that needs no dictionary",
                 "one that needs dictionary " + std::to_string(header_.dictionary()))
        .hint("compress it again without a dictionary");
  }
  if (header_.window_bytes() > window_bytes_) {
    throw place
        .refused("a window of at most " + exact_size(window_bytes_) + " in the frame",
                 exact_size(header_.window_bytes()))
        .hint(header_.window_bytes() <= kLargestWindow
                  ? "if there is the memory for it, raise window: of its codec"
                  : "the file was damaged, or compress it again with a smaller window (zstd --long=27)");
  }
}

}  // namespace weir::zstd
