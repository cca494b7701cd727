// Preserve: digits become digits and letters letters, in their places, upper case upper; all else stays. By FF1, so different
// values stay different; who has the key can undo it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ff1.hpp"
#include "keyed.hpp"

namespace weir::mask {

// Threads: one caller at a time. Allocates nothing after the first texts.
class Preserve {
 public:
  explicit Preserve(std::string_view secret);
  // Writes the masked text to `out`. Digits, and letters, that are too few for FF1 (below 6, below 5) are replaced by ones drawn
  // from a keyed hash of the whole text: that can't be undone, and two texts may then become one.
  void run(std::string_view text, std::string& out);

 private:
  struct Key {
    explicit Key(std::string_view secret) : bytes(derived_key(secret, "weir mask: preserve")) {}
    ~Key() { wipe(bytes); }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    Digest bytes;
  };
  Preserve(std::string_view secret, const Key& key);
  void encrypt(Ff1& cipher, std::uint32_t radix, std::string_view text);

  Ff1 digits_, letters_;
  Hmac drawn_;
  std::vector<std::uint8_t> numerals_;
};

}  // namespace weir::mask
