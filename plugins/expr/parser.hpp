// The parser: tokens → tree, by Pratt's method. The language:
//
//   expression = or ;
//   or         = and { "or" and } ;
//   and        = not { "and" not } ;
//   not        = "not" not | predicate ;
//   predicate  = join [ comparison join
//                     | "is" ["not"] "null"
//                     | ["not"] "in" "(" expression { "," expression } ")"
//                     | ["not"] "between" join "and" join
//                     | ["not"] ("like"|"ilike") join [ "escape" text ] ] ;
//   comparison = "=" | "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=" ;
//   join       = sum { "||" sum } ;
//   sum        = product { ("+"|"-") product } ;
//   product    = sign { ("*"|"/"|"%") sign } ;
//   sign       = ("-"|"+") sign | suffixed ;
//   suffixed   = primary { "." (word | quoted) | "[" expression "]" | ("->"|"->>") primary
//                        | "at" "time" "zone" primary } ;
//   primary    = number | text | "true" | "false" | "null"
//              | ("date"|"timestamp"|"time") text
//              | "case" [ expression ] when { when } [ "else" expression ] "end"
//              | ("cast"|"try_cast") "(" expression "as" type ")"
//              | "extract" "(" word "from" expression ")" | "position" "(" join "in" join ")"
//              | "interval" ( text [ unit ] | number unit | "(" expression ")" unit )
//              | word "(" [ expression { "," expression } ] ")"
//              | word | quoted
//              | "(" expression ")" ;
//   when       = "when" expression "then" expression ;
//   type       = word [ "(" ( number | unit ) [ "," ( number | zone ) ] ")" ] ;
//
// Words of the language are written in any case of letters; names of columns are exact. A predicate doesn't chain:
// `1 < a < 3` is a mistake. What these mean is told in compile.hpp.
#pragma once

#include <string_view>

#include "syntax.hpp"

namespace weir::expr {

// Parses the whole of `text`. Throws Mistake: what was expected, what was found, and where.
Syntax parse(std::string_view text);

}  // namespace weir::expr
