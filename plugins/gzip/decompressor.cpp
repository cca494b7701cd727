#include "decompressor.hpp"

#include <algorithm>
#include <cstdio>
#include <new>
#include <string>

namespace weir::gzip {
namespace {

constexpr std::size_t kLargestStep = std::size_t{1} << 30U;  // zlib counts in 32 bits

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

Decompressor::Decompressor(const Context& /*context*/) {
  if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
}

Decompressor::~Decompressor() { inflateEnd(&stream_); }

void Decompressor::cut_short() const {
  static constexpr const char* kWhere[] = {"in a header", "in the compressed data", "in the checksum",
                                           "behind a member"};
  throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA,
                position_ == 0
                    ? std::string("gzip stream ends early: the file is empty")
                    : "gzip stream ends early: cut short " + std::string(kWhere[static_cast<std::size_t>(state_)]) +
                          ", after " + std::to_string(position_) + " bytes")
      .hint("fetch or write the file again: part of it is missing");
}

Codec::Step Decompressor::step(std::string_view in, bool last, std::span<std::uint8_t> out) {
  std::size_t at = 0;
  const std::uint64_t start = position_;
  Codec::Step result;
  if (in.size() > kLargestStep) {
    in = in.substr(0, kLargestStep);
    last = false;
  }
  for (bool more = true; more;) {
    more = false;
    if (state_ == State::behind) more = behind(in, at);
    if (state_ == State::header && header_.consume(in, at)) {
      state_ = State::body;
      header_ = Header();
    }
    position_ = start + at;
    if (state_ == State::body) body(in, at, out, result.produced);
    position_ = start + at;
    if (state_ == State::trailer && trailer(in, at)) {
      result.done = true;
      break;
    }
    position_ = start + at;
  }
  position_ = start + at;
  result.consumed = at;
  const bool at_end = last && at == in.size() && !result.done;
  if (at_end && state_ == State::behind) {
    result.done = true;
  } else if (at_end && result.produced < out.size()) {
    cut_short();
  }
  return result;
}

bool Decompressor::behind(std::string_view in, std::size_t& at) {
  for (; at < in.size() && in[at] == 0; ++at) padded_ = true;
  if (at == in.size()) return false;
  if (padded_ || static_cast<std::uint8_t>(in[at]) != 0x1F) {
    throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA,
                  "gzip: expected the end or another member behind member " + std::to_string(members_) + " at byte " +
                      std::to_string(position_ + at) + ", found something else")
        .hint("the file was damaged, or something was appended that is not compressed");
  }
  state_ = State::header;
  return false;
}

void Decompressor::body(std::string_view in, std::size_t& at, std::span<std::uint8_t> out, std::uint64_t& produced) {
  const std::size_t room = std::min<std::size_t>(out.size() - produced, kLargestStep);
  // zlib reads through a pointer that is not const, and writes nothing there.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data() + at));
  stream_.avail_in = static_cast<uInt>(in.size() - at);
  stream_.next_out = out.data() + produced;
  stream_.avail_out = static_cast<uInt>(room);
  const int code = inflate(&stream_, Z_NO_FLUSH);
  const std::size_t made = room - stream_.avail_out;
  at = in.size() - stream_.avail_in;
  crc_ = static_cast<std::uint32_t>(crc32_z(crc_, out.data() + produced, made));
  length_ += made;
  produced += made;
  if (code == Z_STREAM_END) {
    state_ = State::trailer;
  } else if (code == Z_MEM_ERROR) {
    throw std::bad_alloc();
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA,
                  "gzip: invalid compressed data near byte " + std::to_string(position_ + stream_.total_in) + ": " +
                      (stream_.msg != nullptr ? stream_.msg : "unknown"))
        .hint("the file was damaged: fetch or write it again");
  }
}

bool Decompressor::trailer(std::string_view in, std::size_t& at) {
  while (at < in.size() && trailer_count_ < trailer_.size())
    trailer_[trailer_count_++] = static_cast<std::uint8_t>(in[at++]);
  if (trailer_count_ < trailer_.size()) return false;
  check_trailer();
  ++members_;
  state_ = State::behind;
  padded_ = false;
  trailer_count_ = 0;
  crc_ = 0;
  length_ = 0;
  inflateReset(&stream_);
  return true;
}

void Decompressor::check_trailer() const {
  const std::uint32_t crc = number(trailer_.data()), length = number(trailer_.data() + 4);
  if (crc != crc_) {
    throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA, "gzip checksum: expected " + hex(crc) + ", found " + hex(crc_))
        .hint("the file was damaged: fetch or write it again");
  }
  if (length != static_cast<std::uint32_t>(length_)) {
    throw Failure(
        WEIR_DATA_LOSS, WEIR_FAULT_DATA,
        "gzip length: expected " + std::to_string(length) + " bytes (modulo 2^32), found " + std::to_string(length_));
  }
}

}  // namespace weir::gzip
