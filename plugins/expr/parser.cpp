// The parser: see parser.hpp for the grammar.
#include "parser.hpp"

#include <algorithm>
#include <utility>

#include "lexer.hpp"
#include "mistake.hpp"

namespace weir::expr {
namespace {

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// Words that can't be a column's name unless quoted.
constexpr std::string_view kReserved[] = {"and",   "or",   "not",   "in",      "is",     "null",    "true",
                                          "false", "like", "ilike", "between", "case",   "when",    "then",
                                          "else",  "end",  "cast",  "as",      "escape", "try_cast"};

bool is_reserved(const std::string& word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

// How tightly an operator binds.
enum Power { kOr = 1, kAnd, kNot, kPredicate, kJoin, kSum, kProduct, kSign, kSuffix };

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokens_of(text)) {
    for (const Token& token : tokens_)
      words_.push_back(token.kind == TokenKind::word ? lower(token.source) : std::string());
  }

  Syntax whole() {
    if (token().kind == TokenKind::end) throw Mistake{"expected an expression, found none", {}, 0, 0};
    Syntax made = expression(kOr);
    if (token().kind != TokenKind::end) unexpected("an operator or the end");
    return made;
  }

 private:
  const Token& token() const { return tokens_[at_]; }
  bool is_word(std::string_view word, std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == TokenKind::word && words_[at_ + ahead] == word;
  }
  bool is_symbol(std::string_view symbol) const {
    return token().kind == TokenKind::symbol && token().source == symbol;
  }
  bool take_word(std::string_view word) { return is_word(word) && (++at_, true); }
  bool take_symbol(std::string_view symbol) { return is_symbol(symbol) && (++at_, true); }

  [[noreturn]] void unexpected(const std::string& wanted, std::string hint = {}) const {
    const bool end = token().kind == TokenKind::end;
    const std::string found(token().source.substr(0, 60));
    if (hint.empty() && token().kind == TokenKind::word && is_reserved(words_[at_]) && wanted == "a value") {
      hint = "'" + found + "' is a word of the language: a column of that name stands in double quotes";
    }
    throw Mistake{"expected " + wanted + ", found " + (end ? "the end" : "'" + found + "'"), std::move(hint),
                  token().offset, token().source.size()};
  }
  void expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) unexpected("'" + std::string(symbol) + "'");
  }
  void expect_word(std::string_view word, const std::string& wanted) {
    if (!take_word(word)) unexpected(wanted);
  }

  // Ends a node at the last token that was read.
  Syntax closed(Syntax made) const {
    const Token& last = tokens_[at_ - 1];
    made.length = last.offset + last.source.size() - made.offset;
    for (const Syntax& part : made.parts) made.depth = std::max(made.depth, part.depth + 1);
    if (made.depth > kMaximumDepth) too_deep(made.mark);
    return made;
  }
  [[noreturn]] static void too_deep(std::size_t offset) {
    throw Mistake{"expected at most 200 levels in an expression, found more",
                  "compute parts of it in columns of their own, with derive", offset, 1};
  }

  Syntax begin(Shape shape) const {
    Syntax made;
    made.shape = shape;
    made.offset = made.mark = token().offset;
    return made;
  }

  Syntax expression(int power) {
    if (++nesting_ > kMaximumDepth) too_deep(token().offset);
    Syntax left = prefix();
    while (true) {
      const int found = power_here();
      if (found < power) break;
      left = infix(std::move(left), found);
    }
    --nesting_;
    return left;
  }

  Syntax prefix() {
    Syntax made = begin(Shape::logical_not);
    if (take_word("not")) {
      made.parts.push_back(expression(kNot));
      return closed(std::move(made));
    }
    if (take_symbol("+")) return expression(kSign);
    if (!is_symbol("-")) return primary();
    ++at_;
    const TokenKind kind = token().kind;
    if (kind == TokenKind::integer || kind == TokenKind::decimal || kind == TokenKind::real) {
      Syntax literal = primary();
      literal.text.insert(0, 1, '-');
      literal.offset = literal.mark = made.offset;
      return closed(std::move(literal));
    }
    made.shape = Shape::negate;
    made.parts.push_back(expression(kSign));
    return closed(std::move(made));
  }

  // The power of the operator that stands here; 0: none does.
  int power_here() const {
    if (token().kind == TokenKind::word) {
      static constexpr std::string_view kPredicates[] = {"is", "in", "between", "like", "ilike", "not"};
      if (is_word("or")) return kOr;
      if (is_word("and")) return kAnd;
      if (is_word("at") && is_word("time", 1) && is_word("zone", 2)) return kSuffix;
      const bool predicate =
          std::find(std::begin(kPredicates), std::end(kPredicates), words_[at_]) != std::end(kPredicates);
      return predicate ? kPredicate : 0;
    }
    if (token().kind != TokenKind::symbol) return 0;
    const std::string_view symbol = token().source;
    if (symbol == "+" || symbol == "-") return kSum;
    if (symbol == "*" || symbol == "/" || symbol == "%") return kProduct;
    if (symbol == "||") return kJoin;
    if (symbol == "." || symbol == "[" || symbol == "->" || symbol == "->>") return kSuffix;
    static constexpr std::string_view kOthers[] = {"(", ")", ",", "]"};
    const bool other = std::find(std::begin(kOthers), std::end(kOthers), symbol) != std::end(kOthers);
    return other ? 0 : static_cast<int>(kPredicate);
  }

  Syntax infix(Syntax left, int power) {
    Syntax made = begin(Shape::arithmetic);
    made.offset = left.offset;
    if (power == kSuffix) return suffixed(std::move(made), std::move(left));
    if (power == kPredicate) return predicate(std::move(made), std::move(left));
    if (power == kOr) return chain(std::move(made), std::move(left), Shape::logical_or, kAnd);
    if (power == kAnd) return chain(std::move(made), std::move(left), Shape::logical_and, kNot);
    if (power == kJoin) return chain(std::move(made), std::move(left), Shape::concat, kSum);
    made.word = token().source;
    ++at_;
    made.parts.push_back(std::move(left));
    made.parts.push_back(expression(power + 1));
    return closed(std::move(made));
  }

  Syntax suffixed(Syntax made, Syntax left) {
    made.parts.push_back(std::move(left));
    made.shape = Shape::call;  // of the function that does the same
    if (take_word("at")) {
      at_ += 2;
      made.word = "timezone";
      made.parts.insert(made.parts.begin(), expression(kSuffix + 1));
    } else if (take_symbol(".")) {
      made.word = "struct_extract";
      if (token().kind != TokenKind::word && token().kind != TokenKind::quoted) unexpected("the name of a member");
      const bool quoted = token().kind == TokenKind::quoted;
      made.parts.push_back(literal(Shape::text, quoted ? token().value : std::string(token().source)));
    } else if (take_symbol("[")) {
      made.word = "list_extract";
      made.parts.push_back(expression(kOr));
      expect_symbol("]");
    } else {
      made.word = token().source == "->" ? "json_extract" : "json_extract_string";
      ++at_;
      made.parts.push_back(expression(kSuffix + 1));
    }
    return closed(std::move(made));
  }

  // Reads `a or b or c` as one node, so that long lists don't nest.
  Syntax chain(Syntax made, Syntax left, Shape shape, int power) {
    made.shape = shape;
    const Token first = token();
    const std::string word = words_[at_];
    made.parts.push_back(std::move(left));
    while (first.kind == TokenKind::word ? take_word(word) : take_symbol(first.source))
      made.parts.push_back(expression(power));
    return closed(std::move(made));
  }

  Syntax predicate(Syntax made, Syntax left) {
    made.parts.push_back(std::move(left));
    if (token().kind == TokenKind::symbol) {
      made.shape = Shape::compare;
      made.word = token().source == "==" ? "=" : token().source == "!=" ? "<>" : token().source;
      ++at_;
      made.parts.push_back(expression(kJoin));
    } else if (take_word("is")) {
      made.shape = Shape::is_null;
      made.negated = take_word("not");
      expect_word("null", made.negated ? "'null'" : "'null' or 'not null'");
    } else {
      made.negated = take_word("not");
      word_predicate(made);
    }
    made = closed(std::move(made));
    if (power_here() == kPredicate) {
      unexpected("'and', 'or' or the end",
                 made.shape == Shape::compare ? "two comparisons are joined by and: a < b and b < c" : std::string());
    }
    return made;
  }

  void word_predicate(Syntax& made) {
    if (take_word("in")) {
      made.shape = Shape::in;
      expect_symbol("(");
      list(made);
    } else if (take_word("between")) {
      made.shape = Shape::between;
      made.parts.push_back(expression(kJoin));
      expect_word("and", "'and' and the upper end of between");
      made.parts.push_back(expression(kJoin));
    } else if (is_word("like") || is_word("ilike")) {
      made.shape = Shape::like;
      made.word = words_[at_++];
      made.parts.push_back(expression(kJoin));
      if (!take_word("escape")) return;
      if (token().kind != TokenKind::text || token().value.size() != 1) unexpected("one character in quotes");
      made.text = token().value;
      ++at_;
    } else {
      unexpected("'in', 'between', 'like' or 'ilike'");
    }
  }

  // Reads what stands in parentheses, the first of which has been read.
  void list(Syntax& made) {
    do made.parts.push_back(expression(kOr));
    while (take_symbol(","));
    if (!take_symbol(")")) unexpected("',' or ')'");
  }

  Syntax literal(Shape shape, std::string text) {
    Syntax made = begin(shape);
    made.text = std::move(text);
    ++at_;
    return closed(std::move(made));
  }

  Syntax primary() {
    const Token& here = token();
    switch (here.kind) {
      case TokenKind::integer: return literal(Shape::integer, std::string(here.source));
      case TokenKind::decimal: return literal(Shape::decimal, std::string(here.source));
      case TokenKind::real: return literal(Shape::real, std::string(here.source));
      case TokenKind::text: return literal(Shape::text, here.value);
      case TokenKind::quoted: {
        Syntax column = literal(Shape::column, here.value);
        column.word = "quoted";
        return column;
      }
      case TokenKind::word: return word();
      case TokenKind::end: unexpected("a value");
      case TokenKind::symbol: break;
    }
    const std::size_t open = here.offset;
    if (!take_symbol("(")) unexpected("a value");
    Syntax inner = expression(kOr);
    if (!take_symbol(")")) unexpected("')'");
    inner.offset = open;
    return closed(std::move(inner));
  }

  Syntax word() {
    const std::string& here = words_[at_];
    Syntax made = begin(Shape::null);
    if (here == "null") return literal(Shape::null, {});
    if (here == "true" || here == "false") {
      made.shape = Shape::boolean;
      made.negated = here == "false";
      ++at_;
      return closed(std::move(made));
    }
    if (here == "case") return choose(std::move(made));
    if (here == "cast" || here == "try_cast") return cast(std::move(made));
    const bool temporal = here == "date" || here == "timestamp" || here == "time";
    if (temporal && tokens_[at_ + 1].kind == TokenKind::text) {
      made.shape = Shape::typed_text;
      made.word = here;
      made.text = tokens_[at_ + 1].value;
      at_ += 2;
      return closed(std::move(made));
    }
    if (here == "interval" && begins_interval()) return interval(std::move(made));
    if (is_reserved(here)) unexpected("a value");
    if (tokens_[at_ + 1].kind != TokenKind::symbol || tokens_[at_ + 1].source != "(") {
      return literal(Shape::column, std::string(token().source));
    }
    made.shape = Shape::call;
    made.word = here;
    at_ += 2;
    if (made.word == "position") return position(std::move(made));
    if (made.word == "extract") return extract(std::move(made));
    if (!take_symbol(")")) list(made);
    return closed(std::move(made));
  }

  bool begins_interval() const {
    const Token& next = tokens_[at_ + 1];
    if (next.kind == TokenKind::text || next.kind == TokenKind::integer) return true;
    if (next.kind != TokenKind::symbol) return false;
    // A column of that name may stand before a minus.
    const bool negative = next.source == "-" && tokens_[at_ + 2].kind == TokenKind::integer;
    return next.source == "(" ||
           (negative && tokens_[at_ + 3].kind == TokenKind::word && !is_reserved(words_[at_ + 3]));
  }

  Syntax interval(Syntax made) {
    made.shape = Shape::interval;
    ++at_;
    const bool unit = tokens_[at_ + 1].kind == TokenKind::word && !is_reserved(words_[at_ + 1]);
    if (token().kind == TokenKind::text && !unit) {
      made.text = token().value;
      ++at_;
      return closed(std::move(made));
    }
    made.parts.push_back(expression(kSign));
    if (token().kind != TokenKind::word) unexpected("a unit such as 'month'");
    made.mark = token().offset;
    made.word = words_[at_++];
    return closed(std::move(made));
  }

  // extract(part from moment) is date_part('part', moment).
  Syntax extract(Syntax made) {
    made.word = "date_part";
    if (token().kind != TokenKind::word) unexpected("a part of a date such as 'month'");
    made.parts.push_back(literal(Shape::text, words_[at_]));
    expect_word("from", "'from' and a date or timestamp");
    made.parts.push_back(expression(kOr));
    if (!take_symbol(")")) unexpected("')'");
    return closed(std::move(made));
  }

  // position(part in text) is strpos(text, part).
  Syntax position(Syntax made) {
    made.word = "strpos";
    made.parts.push_back(expression(kJoin));
    expect_word("in", "'in' and a text");
    made.parts.insert(made.parts.begin(), expression(kJoin));
    if (!take_symbol(")")) unexpected("')'");
    return closed(std::move(made));
  }

  Syntax choose(Syntax made) {
    made.shape = Shape::choose;
    ++at_;
    const std::size_t subjects = is_word("when") ? 0 : 1;
    if (subjects == 1) {
      made.word = "subject";
      made.parts.push_back(expression(kOr));
      if (!is_word("when")) unexpected("'when'");
    }
    while (take_word("when")) {
      made.parts.push_back(expression(kOr));
      expect_word("then", "'then'");
      made.parts.push_back(expression(kOr));
    }
    if (take_word("else")) made.parts.push_back(expression(kOr));
    expect_word("end", (made.parts.size() - subjects) % 2 == 0 ? "'when', 'else' or 'end'" : "'end'");
    return closed(std::move(made));
  }

  Syntax cast(Syntax made) {
    made.shape = Shape::cast;
    made.negated = is_word("try_cast");
    ++at_;
    expect_symbol("(");
    made.parts.push_back(expression(kOr));
    expect_word("as", "'as' and a type");
    if (token().kind != TokenKind::word) unexpected("the name of a type");
    made.mark = token().offset;
    made.word = words_[at_++];
    if (take_symbol("(")) {
      do {
        made.text += (made.text.empty() ? "" : ",") + type_argument();
      } while (take_symbol(","));
      if (!take_symbol(")")) unexpected("',' or ')'");
    }
    expect_symbol(")");
    return closed(std::move(made));
  }

  // A number, a unit, or a zone: UTC, Europe/Rome, +02:00, or one in quotes.
  std::string type_argument() {
    if (token().kind == TokenKind::text) return tokens_[at_++].value;
    std::string argument;
    const auto ends = [&] { return token().kind == TokenKind::end || is_symbol(",") || is_symbol(")"); };
    const auto fits = [&] {
      return token().kind == TokenKind::integer || token().kind == TokenKind::word || is_symbol("/") ||
             is_symbol("-") || is_symbol("+");
    };
    if (ends() || !fits()) unexpected("a number");
    while (!ends()) {
      if (!fits()) unexpected("',' or ')'");
      argument += tokens_[at_++].source;
    }
    return argument;
  }

  std::vector<Token> tokens_;
  std::vector<std::string> words_;  // of each token: the word in small letters, or empty
  std::size_t at_ = 0;
  int nesting_ = 0;
};

}  // namespace

Syntax parse(std::string_view text) { return Parser(text).whole(); }

}  // namespace weir::expr
