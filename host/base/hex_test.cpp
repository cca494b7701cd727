#include <weir_catch.hpp>

#include "base/hex.hpp"

namespace weir::base {

TEST_CASE("bytes come back from their hexadecimal text") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(to_hex(std::string("\x00\xffz", 3)) == "00ff7a");
  CHECK(from_hex(to_hex(all)) == all);
  CHECK(from_hex("") == "");
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
  CHECK_FALSE(from_hex("FF"));
}

}  // namespace weir::base
