// Masker: one way of masking values, given as texts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "keyed.hpp"
#include "preserve.hpp"

namespace weir::mask {

enum class Way { redact, hash, truncate, tokenise, preserve };

// What options say of one way; those of the others are not looked at.
struct Method {
  Way way = Way::redact;
  std::string with = "***";     // redact: what stands in the place of a value, if nothing of it is kept
  std::string prefix = "tok_";  // tokenise
  std::int64_t keep_first = 0;  // redact, truncate: characters
  std::int64_t keep_last = 0;   // redact
  std::int64_t digits = 64;     // hash: hexadecimal digits, at most 64

  bool keyed() const { return way == Way::hash || way == Way::tokenise || way == Way::preserve; }
};

// Threads: one caller at a time.
class Masker {
 public:
  // `secret` is looked at if the method is keyed.
  Masker(Method method, std::string_view secret);
  // Appends the masked value to `out`. Allocates nothing, once the texts it works with have their size.
  void append(std::string_view value, std::string& out);

 private:
  void append_redacted(std::string_view value, std::string& out) const;

  Method method_;
  std::unique_ptr<Hmac> hmac_;          // hash, tokenise
  std::unique_ptr<Preserve> preserve_;  // preserve
  std::string made_;
};

}  // namespace weir::mask
