#include "header.hpp"

#include <zlib.h>

#include <string>

#include <weir/cpp/failure.hpp>
#include <weir/cpp/magic.hpp>

namespace weir::gzip {
namespace {

constexpr unsigned kHeaderChecksum = 2, kExtra = 4, kName = 8, kComment = 16, kReserved = 0xE0;

}  // namespace

bool Header::consume(std::string_view in, std::size_t& at) {
  while (at < in.size() && part_ != Part::complete) {
    const auto byte = static_cast<std::uint8_t>(in[at]);
    if (part_ != Part::checksum) crc_ = static_cast<std::uint32_t>(crc32(crc_, &byte, 1));
    ++at;
    step(byte);
  }
  return part_ == Part::complete;
}

void Header::fixed(std::uint8_t byte) {
  fixed_[count_++] = byte;
  if (count_ == 3 && byte != 8) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                  "gzip: expected compression method 8, found " + std::to_string(byte))
        .hint("the file was damaged: fetch or write it again");
  }
  if (count_ == 4 && (byte & kReserved) != 0) {
    throw Failure(
        WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
        "gzip: expected header flags below 0x20, found 0x" + hex_bytes({reinterpret_cast<const char*>(&byte), 1}))
        .hint("the file was damaged: fetch or write it again");
  }
  if (count_ == fixed_.size()) after(Part::fixed);
}

void Header::after(Part part) {
  const unsigned flags = fixed_[3];
  value_ = 0;
  shift_ = 0;
  if (part < Part::extra && (flags & kExtra) != 0) {
    part_ = Part::extra_length;
  } else if (part < Part::name && (flags & kName) != 0) {
    part_ = Part::name;
  } else if (part < Part::comment && (flags & kComment) != 0) {
    part_ = Part::comment;
  } else if (part < Part::checksum && (flags & kHeaderChecksum) != 0) {
    part_ = Part::checksum;
  } else {
    part_ = Part::complete;
  }
}

void Header::step(std::uint8_t byte) {
  switch (part_) {
    case Part::fixed: fixed(byte); return;
    case Part::extra_length:
    case Part::checksum:
      value_ |= static_cast<std::uint32_t>(byte) << shift_;
      shift_ += 8;
      if (shift_ < 16) return;
      if (part_ == Part::checksum && value_ != (crc_ & 0xFFFFU)) {
        throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_DATA, "gzip: expected the checksum of the header, found another")
            .hint("the file was damaged: fetch or write it again");
      }
      if (part_ == Part::extra_length && value_ > 0) {
        left_ = value_;
        part_ = Part::extra;
        return;
      }
      return after(part_ == Part::checksum ? Part::checksum : Part::extra);
    case Part::extra:
      if (--left_ == 0) after(Part::extra);
      return;
    case Part::name:
    case Part::comment:
      if (byte == 0) after(part_);
      return;
    case Part::complete: return;
  }
}

}  // namespace weir::gzip
