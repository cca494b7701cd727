// hex: a codec. It writes bytes as hexadecimal digits, and reads them back.
#include <weir/weir.hpp>

#include <algorithm>

#include "weir_plugin_info.h"

namespace {

class ToDigits {
 public:
  explicit ToDigits(const weir::Context&) {}

  weir::Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    const std::size_t count = std::min(in.size(), out.size() / 2);
    for (std::size_t i = 0; i < count; ++i) {
      const auto byte = static_cast<unsigned char>(in[i]);
      out[2 * i] = static_cast<std::uint8_t>("0123456789abcdef"[byte >> 4U]);
      out[2 * i + 1] = static_cast<std::uint8_t>("0123456789abcdef"[byte & 15U]);
    }
    return {count, 2 * count, last && count == in.size()};
  }
};

class FromDigits {
 public:
  explicit FromDigits(const weir::Context&) {}

  weir::Codec::Step step(std::string_view in, bool last, std::span<std::uint8_t> out) {
    std::size_t taken = 0, made = 0;
    for (; taken < in.size() && made < out.size(); ++taken) {
      if (std::string_view(" \t\r\n").find(in[taken]) != std::string_view::npos) continue;
      const int digit = digit_of(in[taken]);
      if (digit < 0) throw broken("expected a hexadecimal digit, found another byte");
      if (high_ >= 0) out[made++] = static_cast<std::uint8_t>(high_ * 16 + digit);
      high_ = high_ < 0 ? digit : -1;
    }
    const bool end = last && taken == in.size();
    if (end && high_ >= 0) throw broken("expected two digits a byte, found an odd number of digits");
    return {taken, made, end};
  }

 private:
  static int digit_of(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    const char small = static_cast<char>(digit | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  }
  static weir::Failure broken(const char* message) { return {WEIR_DATA_LOSS, WEIR_FAULT_DATA, message}; }

  int high_ = -1;  // the first digit of a byte whose second has not come yet
};

class Hex : public weir::TwoWayCodec<ToDigits, FromDigits> {
 public:
  using TwoWayCodec::TwoWayCodec;
  static std::int32_t sniff(const weir_sniff& found) { return weir::to_view(found.name).ends_with(".hex") ? 90 : 0; }
};

}  // namespace

WEIR_PLUGIN(weir::codec<Hex>("hex"));
