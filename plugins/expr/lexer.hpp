// The words of an expression: text → tokens. The grammar of tokens stands here; that of expressions in parser.hpp.
//
//   number    = digits [ "." digits ] [ exponent ] | "." digits [ exponent ] ;   exponent = ("e"|"E") ["+"|"-"] digits ;
//   text      = "'" { any byte but "'" | "''" } "'" ;
//   word      = ( letter | "_" ) { letter | digit | "_" | "$" } ;                letter: a-z, A-Z, all beyond ASCII
//   quoted    = '"' { any byte but '"' | '""' } '"' ;
//   symbol    = "(" | ")" | "," | "+" | "-" | "*" | "/" | "%" | "||" | "=" | "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=" ;
//   comment   = "--" to the end of the line
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expr {

enum class TokenKind { end, integer, decimal, real, text, word, quoted, symbol };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view source;  // as it stands in the expression
  std::string value;        // text, quoted: without quotes and escapes
  std::size_t offset = 0;
};

inline constexpr std::size_t kMaximumBytes = 64 * 1024;  // of an expression

// Takes `text` apart; the last token is `end`. Throws Mistake. The tokens point into `text`.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace weir::expr
