#include "member.hpp"

#include <cstdio>
#include <new>
#include <string>

namespace weir::gzip {
namespace {

std::uint32_t number(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8U |
         static_cast<std::uint32_t>(bytes[2]) << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
}

std::string hex(std::uint32_t value) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", value);
  return text;
}

}  // namespace

Member::Member(const Context& /*context*/) {
  if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
}

Member::~Member() { inflateEnd(&stream_); }

void Member::begin() {
  inflateReset(&stream_);
  header_ = Header();
  state_ = State::header;
  trailer_count_ = 0;
  crc_ = 0;
  length_ = 0;
}

bool Member::take(CodecBuffers& buffers, const FramePlace& place) {
  if (state_ == State::header) {
    std::size_t at = 0;
    const bool complete = header_.consume(buffers.rest(), at);
    buffers.take(at);
    if (!complete) return false;
    state_ = State::body;
  }
  if (state_ == State::body) body(buffers, place);
  return state_ == State::trailer && trailer(buffers);
}

std::string_view Member::where() const {
  static constexpr std::string_view kWhere[] = {"in a header", "in the compressed data", "in the checksum"};
  return kWhere[static_cast<std::size_t>(state_)];
}

void Member::body(CodecBuffers& buffers, const FramePlace& place) {
  const std::uint8_t* const made = buffers.room().data();
  const std::size_t before = buffers.produced();
  const int code = buffers.lend(stream_, [this] { return inflate(&stream_, Z_NO_FLUSH); });
  const std::size_t count = buffers.produced() - before;
  crc_ = static_cast<std::uint32_t>(crc32_z(crc_, made, count));
  length_ += count;
  if (code == Z_STREAM_END) {
    state_ = State::trailer;
  } else if (code == Z_MEM_ERROR) {
    throw std::bad_alloc();
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    throw place.damaged(stream_.msg != nullptr ? stream_.msg : "unknown");
  }
}

bool Member::trailer(CodecBuffers& buffers) {
  for (; trailer_count_ < trailer_.size() && !buffers.rest().empty(); buffers.take(1))
    trailer_[trailer_count_++] = static_cast<std::uint8_t>(buffers.rest().front());
  if (trailer_count_ < trailer_.size()) return false;
  check_trailer();
  return true;
}

void Member::check_trailer() const {
  const std::uint32_t crc = number(trailer_.data()), length = number(trailer_.data() + 4);
  if (crc != crc_) {
    throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA, "gzip checksum: expected " + hex(crc) + ", found " + hex(crc_))
        .hint("the file was damaged: fetch or write it again");
  }
  if (length != static_cast<std::uint32_t>(length_)) {
    throw Failure(
        WEIR_DATA_LOSS, WEIR_FAULT_DATA,
        "gzip length: expected " + std::to_string(length) + " bytes (modulo 2^32), found " + std::to_string(length_))
        .hint("the file was damaged: fetch or write it again");
  }
}

}  // namespace weir::gzip
