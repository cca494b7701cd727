// Scratch memory of vectors, and bits at any offset.
#include "vector.hpp"

#include <algorithm>

namespace weir::expr {
namespace {

constexpr std::size_t kArenaPiece = 256 * 1024;

}  // namespace

Bits read_bits(const std::uint8_t* from, std::int64_t offset, int count) {
  Bits out{};
  const std::uint8_t* base = from + offset / 8;
  const auto shift = static_cast<unsigned>(offset % 8);
  const std::int64_t available = (static_cast<std::int64_t>(shift) + count + 7) / 8;
  for (int word = 0; 64 * word < count; ++word) {
    const std::int64_t at = 8 * word;
    std::uint64_t low = 0;
    std::memcpy(&low, base + at, static_cast<std::size_t>(std::min<std::int64_t>(8, available - at)));
    if (shift != 0) {
      const std::uint64_t high = at + 8 < available ? base[at + 8] : 0;
      low = (low >> shift) | (high << (64 - shift));
    }
    const int rest = count - 64 * word;
    out[static_cast<std::size_t>(word)] = rest >= 64 ? low : low & ((std::uint64_t{1} << rest) - 1);
  }
  return out;
}

char* Arena::take(std::size_t size) {
  while (current_ < pieces_.size() && sizes_[current_] - used_ < size) {
    ++current_;
    used_ = 0;
  }
  if (current_ == pieces_.size()) {
    const std::size_t wanted = std::max(size, kArenaPiece);
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(wanted));
    sizes_.push_back(wanted);
    used_ = 0;
  }
  char* room = pieces_[current_].get() + used_;
  used_ += size;
  return room;
}

}  // namespace weir::expr
