// The codec as a host calls it.
#include <weir/testing_codec.hpp>

#include "checks.hpp"

int main() {
  const std::string text = weir::testing::sample_text(5000, 1);
  const std::string digits = weir::testing::recode(true, text).bytes;
  must(digits.size() == 2 * text.size(), "expected two digits a byte");
  for (const std::size_t piece : {1, 2, 3, 4096})
    must(weir::testing::recode(false, digits, {piece, piece + 1}).bytes == text, "expected the text by any pieces");
  must(weir::testing::recode(false, "0a 0B\n").bytes == "\n\v", "expected white space to be passed over");
  must(weir::testing::recode(false, "0").status == WEIR_DATA_LOSS, "expected half a byte to be an error");
  must(weir::testing::recode(false, "zz").status == WEIR_DATA_LOSS, "expected no digit to be an error");
}
