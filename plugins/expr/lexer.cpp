// The lexer: see lexer.hpp for its grammar.
#include "lexer.hpp"

#include "letters.hpp"

#include "mistake.hpp"

namespace weir::expr {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    do {
      skip_blanks();
      tokens.push_back(next());
    } while (tokens.back().kind != TokenKind::end);
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else {
        break;
      }
    }
  }

  Token next() {
    begin_ = at_;
    if (at_ == text_.size()) return token(TokenKind::end);
    const char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '\'') return quoted('\'', TokenKind::text, "text");
    if (c == '"') return quoted('"', TokenKind::quoted, "column name");
    if (is_letter(c)) {
      while (at_ < text_.size() && (is_letter(peek()) || is_digit(peek()) || peek() == '$')) ++at_;
      return token(TokenKind::word);
    }
    return symbol();
  }

  Token token(TokenKind kind) const { return {kind, text_.substr(begin_, at_ - begin_), {}, begin_}; }

  void skip_digits() {
    while (is_digit(peek())) ++at_;
  }

  Token number() {
    TokenKind kind = TokenKind::integer;
    skip_digits();
    if (peek() == '.') {
      kind = TokenKind::decimal;
      ++at_;
      skip_digits();
    }
    const bool sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(sign ? 2 : 1))) {
      kind = TokenKind::real;
      at_ += sign ? 2 : 1;
      skip_digits();
    }
    if (is_letter(peek()) || peek() == '.') {
      while (is_letter(peek()) || is_digit(peek()) || peek() == '.') ++at_;
      throw Mistake{"expected a number, found '" + std::string(text_.substr(begin_, at_ - begin_)) + "'",
                    "a column whose name begins with a digit stands in double quotes", begin_, at_ - begin_};
    }
    return token(kind);
  }

  Token quoted(char quote, TokenKind kind, const char* what) {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      if (peek() == quote) {
        if (peek(1) != quote) {
          ++at_;
          Token made = token(kind);
          made.value = std::move(value);
          return made;
        }
        ++at_;
      }
      value += text_[at_];
    }
    throw Mistake{
        "expected " + std::string(1, quote) + " at the end of this " + what + ", found the end of the expression",
        "a " + std::string(1, quote) + " inside is written twice", begin_, text_.size() - begin_};
  }

  Token symbol() {
    static constexpr std::string_view kLong[] = {"->>", "->", "||", "==", "<>", "!=", "<=", ">="};
    for (const auto symbol : kLong) {
      if (text_.substr(at_, symbol.size()) == symbol) {
        at_ += symbol.size();
        return token(TokenKind::symbol);
      }
    }
    if (std::string_view("(),+-*/%=<>.[]").find(peek()) != std::string_view::npos) {
      ++at_;
      return token(TokenKind::symbol);
    }
    unexpected();
  }

  [[noreturn]] void unexpected() const {
    const std::string_view pair = text_.substr(at_, 2);
    std::string hint;
    if (pair == "&&") hint = "write and";
    if (peek() == '!') hint = "write not";
    if (peek() == '`') hint = "column names stand in double quotes, texts in single ones";
    if (peek() == '|') hint = "write or; || joins texts";
    const auto code = static_cast<unsigned char>(peek());
    const std::string found = code < 0x20 || code == 0x7F
                                  ? "control character " + std::to_string(code)
                                  : "'" + std::string(pair == "&&" ? pair : pair.substr(0, 1)) + "'";
    throw Mistake{"expected a value or an operator, found " + found, hint, at_, 1};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  if (text.size() > kMaximumBytes) {
    throw Mistake{
        "expected an expression of at most 64 KiB, found " + std::to_string(text.size()) + " bytes", {}, 0, 0};
  }
  return Lexer(text).run();
}

}  // namespace weir::expr
