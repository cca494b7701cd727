// Detect: where in a text e-mail addresses, card numbers and phone numbers stand, by their shape.
//
//   email  LOCAL@DOMAIN: LOCAL of letters, digits and ._%+-', DOMAIN of labels with a dot, the last of two letters at least;
//          letters of every script
//   card   13 to 19 digits, the first 2 to 6, single blanks or hyphens between them, whose Luhn sum is right
//   phone  + or 00 and 8 to 15 digits; 0 and 8 to 11 more, of which some separator is not right behind the 0; or three digits (in parentheses or not),
//          three, four, with separators, 1 and a separator before them or not. Separators: blank . - / ( )
//
// No letter or digit stands beside a match, but for the x of an extension. A match is as long as it can be; what begins another
// number, a date or a time is none of a phone number's. Behind a digit and one of . - / only + ( and cards begin, so that no date
// is a phone number; behind a digit and a point no card, so that no decimal number is one.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir::mask {

inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

enum class Detected { email, card, phone };

// What is looked for.
struct Kinds {
  bool email = false, card = false, phone = false;
};

struct Found {
  std::size_t begin = 0, end = 0;
  Detected kind = Detected::email;
};

// The first that begins at byte `from` or later; false: none. Of two at one place the card comes before the phone.
bool find_personal(std::string_view text, std::size_t from, const Kinds& kinds, Found& found);

}  // namespace weir::mask
