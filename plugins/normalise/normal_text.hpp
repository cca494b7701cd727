// NormalText: one text at a time, in its normal form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::normalise {

enum class Case { keep, lower, upper };
enum class Form { keep, nfc, nfkc };

struct Rules {
  bool trim = true;
  bool collapse = false;
  Case letters = Case::keep;
  Form form = Form::nfc;
};

// Threads: one caller at a time. Allocates nothing for texts of ASCII; for others nothing once its memory has their size.
class NormalText {
 public:
  explicit NormalText(const Rules& rules) : rules_(rules) {}
  // Gives `text` itself, a part of it, or a text that is valid until the next call. Precondition: it is UTF-8; what is not
  // stays as it is.
  std::string_view of(std::string_view text);

 private:
  std::string_view of_ascii(std::string_view text);
  std::string_view of_unicode(std::string_view text);

  Rules rules_;
  std::string made_;
  std::vector<std::int32_t> points_;
};

}  // namespace weir::normalise
