#include "frame_header.hpp"

#include <algorithm>

namespace weir::zstd {
namespace {

constexpr std::string_view kMagic = "\x28\xB5\x2F\xFD";
constexpr std::string_view kSkippable = "\x2A\x4D\x18";  // behind a byte of 50 to 5f

}  // namespace

void FrameHeader::consume(std::string_view in, std::size_t& at) {
  while (at < in.size() && (count_ < 4 || (plausible() && count_ < size()))) bytes_[count_++] = in[at++];
}

bool FrameHeader::skippable() const { return count_ > 0 && (bytes_[0] & 0xF0) == 0x50; }

bool FrameHeader::plausible() const {
  const std::string_view magic = bytes().substr(0, 4);
  if (magic.empty()) return true;
  return skippable() ? kSkippable.starts_with(magic.substr(1)) : kMagic.starts_with(magic);
}

std::size_t FrameHeader::size() const {
  if (skippable()) return 8;
  if (count_ < 5) return 5;
  return 5 + (single_segment() ? 0U : 1U) + dictionary_size() + content_size_size();
}

std::size_t FrameHeader::dictionary_size() const {
  const unsigned flag = descriptor() & 3U;
  return flag == 3 ? 4 : flag;
}

std::size_t FrameHeader::content_size_size() const {
  const unsigned flag = descriptor() >> 6U;
  return flag == 0 ? (single_segment() ? 1 : 0) : std::size_t{1} << flag;
}

std::uint64_t FrameHeader::number(std::size_t from, std::size_t count) const {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes_[from + i]);
  return value;
}

std::uint64_t FrameHeader::content_size() const { return number(4, 4); }

bool FrameHeader::reserved() const { return (descriptor() & 8U) != 0; }

std::uint64_t FrameHeader::dictionary() const { return number(single_segment() ? 5 : 6, dictionary_size()); }

std::uint64_t FrameHeader::window_bytes() const {
  if (!single_segment()) {
    const auto window = static_cast<unsigned char>(bytes_[5]);
    const std::uint64_t base = std::uint64_t{1} << (10U + (window >> 3U));
    return base + base / 8 * (window & 7U);
  }
  // The window is the content; two bytes count from 256 on.
  const std::uint64_t content = number(5 + dictionary_size(), content_size_size());
  return content_size_size() == 2 ? content + 256 : content;
}

}  // namespace weir::zstd
