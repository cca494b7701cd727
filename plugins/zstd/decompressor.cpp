#include "decompressor.hpp"

#include <zstd_errors.h>

#include <algorithm>
#include <bit>
#include <new>
#include <string>

#include <weir/cpp/magic.hpp>

namespace weir::zstd {
namespace {

constexpr std::uint64_t kLargestWindow = std::uint64_t{1} << 31U;  // libzstd knows no larger one
constexpr int kSmallestWindowLog = 10;

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string((bytes + (std::uint64_t{1} << 20U) - 1) >> 20U) + " MiB";
}

Failure damaged(weir_status status, std::string message) {
  return Failure(status, WEIR_FAULT_DATA, std::move(message));
}

}  // namespace

Decompressor::Decompressor(const Context& context)
    : context_(ZSTD_createDCtx()),
      window_bytes_(std::min(static_cast<std::uint64_t>(context.config().integer("/window")), kLargestWindow)) {
  if (context_ == nullptr) throw std::bad_alloc();
  const int log =
      std::max(kSmallestWindowLog, static_cast<int>(std::bit_width(std::max<std::uint64_t>(window_bytes_, 1) - 1)));
  ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, log);
}

Codec::Step Decompressor::step(std::string_view in, bool last, std::span<std::uint8_t> out) {
  std::size_t at = 0;
  const std::uint64_t start = position_;
  Codec::Step result;
  for (bool more = true; more && !result.done;) {
    more = false;
    position_ = start + at;
    switch (state_) {
      case State::between:
        if (at == in.size()) break;
        begin_ = position_;
        header_ = FrameHeader();
        state_ = State::header;
        [[fallthrough]];
      case State::header: more = header(in, at); break;
      case State::skipped: more = skipped(in, at); break;
      case State::body: result.done = body(in, at, out, result.produced); break;
    }
  }
  position_ = start + at;
  result.consumed = at;
  if (!last || at < in.size() || result.done) return result;
  if (state_ == State::between && frames_ > 0) {
    result.done = true;
  } else if (result.produced < out.size() || state_ != State::body) {
    cut_short();
  }
  return result;
}

bool Decompressor::header(std::string_view in, std::size_t& at) {
  header_.consume(in, at);
  if (header_.bytes().size() >= 4 && !header_.plausible()) refuse_magic();
  if (!header_.complete()) return false;
  if (header_.skippable()) {
    left_ = header_.content_size();
    state_ = State::skipped;
    return true;
  }
  check_header();
  ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
  fed_ = 0;
  state_ = State::body;
  return true;
}

bool Decompressor::skipped(std::string_view in, std::size_t& at) {
  const auto count = std::min<std::uint64_t>(left_, in.size() - at);
  at += static_cast<std::size_t>(count);
  left_ -= count;
  if (left_ > 0) return false;
  ++frames_;
  state_ = State::between;
  return true;
}

bool Decompressor::body(std::string_view in, std::size_t& at, std::span<std::uint8_t> out, std::uint64_t& produced) {
  const std::string_view head = header_.bytes();
  if (fed_ < head.size()) feed(head, fed_, out, produced);
  if (!feed(in, at, out, produced)) return false;
  ++frames_;
  state_ = State::between;
  return true;
}

bool Decompressor::feed(std::string_view in, std::size_t& at, std::span<std::uint8_t> out, std::uint64_t& produced) {
  ZSTD_inBuffer from{in.data(), in.size(), at};
  ZSTD_outBuffer to{out.data(), out.size(), static_cast<std::size_t>(produced)};
  const std::size_t left = ZSTD_decompressStream(context_.get(), &to, &from);
  if (ZSTD_isError(left) != 0) refuse_data(left);
  at = from.pos;
  produced = to.pos;
  return left == 0;
}

void Decompressor::check_header() const {
  if (header_.reserved()) {
    throw damaged(WEIR_INVALID_ARGUMENT, "zstd: expected a frame of this version of the format at byte " +
                                             std::to_string(begin_) + ", found its reserved bit set")
        .hint("the file was damaged: fetch or write it again");
  }
  if (header_.dictionary() != 0) {
    throw damaged(WEIR_INVALID_ARGUMENT, "zstd: expected a frame that needs no dictionary at byte " +
                                             std::to_string(begin_) + ", found one that needs dictionary " +
                                             std::to_string(header_.dictionary()))
        .hint("compress it again without a dictionary");
  }
  if (header_.window_bytes() > window_bytes_) {
    throw damaged(WEIR_INVALID_ARGUMENT, "zstd: expected a window of at most " + mebibytes(window_bytes_) +
                                             " in the frame at byte " + std::to_string(begin_) + ", found " +
                                             mebibytes(header_.window_bytes()))
        .hint(header_.window_bytes() <= kLargestWindow
                  ? "if there is the memory for it, raise window: of its codec"
                  : "the file was damaged, or compress it again with a smaller window (zstd --long=27)");
  }
}

void Decompressor::refuse_magic() const {
  const std::string found = found_magic(header_.bytes().substr(0, 4));
  if (frames_ == 0) {
    throw damaged(WEIR_INVALID_ARGUMENT, "not zstd: expected the magic bytes 28 b5 2f fd, found " + found)
        .hint("rename the file if it is not compressed, or name its codec");
  }
  throw damaged(WEIR_DATA_LOSS, "zstd: expected the end or another frame behind frame " + std::to_string(frames_) +
                                    " at byte " + std::to_string(begin_) + ", found " + found)
      .hint("the file was damaged, or something was appended that is not compressed");
}

void Decompressor::refuse_data(std::size_t code) const {
  const ZSTD_ErrorCode error = ZSTD_getErrorCode(code);
  if (error == ZSTD_error_memory_allocation) throw std::bad_alloc();
  const std::string frame = "frame " + std::to_string(frames_ + 1) + " (from byte " + std::to_string(begin_) + ")";
  if (error == ZSTD_error_checksum_wrong) {
    throw damaged(WEIR_DATA_LOSS, "zstd checksum: expected that of the content in " + frame + ", found another")
        .hint("the file was damaged: fetch or write it again");
  }
  std::string problem = ZSTD_getErrorString(error);
  problem[0] = static_cast<char>(problem[0] | 0x20);  // libzstd begins with a capital letter
  throw damaged(WEIR_DATA_LOSS, "zstd: invalid compressed data in " + frame + ", behind byte " +
                                    std::to_string(position_) + ": " + problem)
      .hint("the file was damaged: fetch or write it again");
}

void Decompressor::cut_short() const {
  static constexpr const char* kWhere[] = {"behind a frame", "in a header", "in a skippable frame",
                                           "in the compressed data"};
  if (state_ == State::header && !header_.plausible()) refuse_magic();
  throw damaged(WEIR_DATA_LOSS, position_ == 0 ? std::string("zstd stream ends early: the file is empty")
                                               : "zstd stream ends early: cut short " +
                                                     std::string(kWhere[static_cast<std::size_t>(state_)]) +
                                                     ", after " + std::to_string(position_) + " bytes")
      .hint("fetch or write the file again: part of it is missing");
}

}  // namespace weir::zstd
