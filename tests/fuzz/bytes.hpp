// Bytes: what a fuzzer gave, taken as decisions from the front; when they are used up every decision is 0, the honest one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace weir::fuzz {

// Lent bytes. Threads: one.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  std::size_t left() const { return left_; }
  std::uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  // Below `limit`; limit > 0.
  std::size_t below(std::size_t limit) { return std::size_t{byte()} % limit; }
  std::int64_t word() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | byte();
    return static_cast<std::int64_t>(value);
  }
  std::string text(std::size_t most) {
    std::string text;
    for (std::size_t i = below(most + 1); i > 0; --i) text += static_cast<char>(byte());
    return text;
  }
  // All that is left.
  std::string rest() {
    std::string rest(reinterpret_cast<const char*>(data_), left_);
    left_ = 0;
    return rest;
  }
  // A number that should be `honest`: mostly it is.
  std::int64_t told(std::int64_t honest) {
    constexpr std::int64_t kLies[] = {
        -1, 0, 1, INT64_MAX, INT64_MIN, std::int64_t{1} << 48, (std::int64_t{1} << 48) + 1, std::int64_t{1} << 31};
    const std::uint8_t code = byte();
    if (code < 240) return honest;
    if (code < 248) return kLies[code - 240];
    switch (code) {
      case 248: return honest + 1;
      case 249: return honest - 1;
      case 250: return 2 * honest;
      case 251: return word();
      default: return std::int64_t{byte()} - 8;
    }
  }
  // Mostly false.
  bool lies() { return byte() >= 248; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace weir::fuzz
