// The located JSON scanner: RFC 8259 and comments (// and /* */). One pass, recursive, its depth limited. The first
// syntax error ends it; duplicate keys are collected.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "manifest/diagnostics.hpp"
#include "manifest/grow.hpp"
#include "manifest/parse.hpp"
#include "manifest/scalar.hpp"

namespace weir::manifest {
namespace {

void append_utf8(std::uint32_t point, std::string& text) {
  const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0U | (point >> 6U));
  } else {
    if (point < 0x10000) {
      put(0xE0U | (point >> 12U));
    } else {
      put(0xF0U | (point >> 18U));
      put(0x80U | ((point >> 12U) & 0x3FU));
    }
    put(0x80U | ((point >> 6U) & 0x3FU));
  }
  put(0x80U | (point & 0x3FU));
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

class JsonScanner {
 public:
  explicit JsonScanner(std::shared_ptr<const Source> source) : source_(std::move(source)), text_(source_->text()) {}

  std::vector<base::Error> scan(Node& root) {
    if (skip_blank() && at_end()) fail(0, "expected a manifest, found nothing");
    if (errors_.empty() || !fatal_) value(root, 0);
    if (!fatal_ && skip_blank() && !at_end()) fail(at_, "expected the end of the file, found " + here());
    return std::move(errors_);
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  Where where(std::size_t from, std::size_t length) const { return {source_, from, length}; }

  // What stands at the scanner, for a message.
  std::string here() const {
    if (at_end()) return "the end of the file";
    if (peek() == '\n' || peek() == '\r') return "the end of the line";
    const std::size_t start = at_;
    std::size_t end = start + 1;
    while (end < text_.size() && end < start + 20 && (std::isalnum(static_cast<unsigned char>(text_[end])) != 0)) ++end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80) ++end;
    return "'" + std::string(text_.substr(start, end - start)) + "'";
  }

  bool fail(std::size_t offset, std::string message, std::string hint = {}) {
    if (!fatal_) errors_.push_back(syntax_error(where(offset, 1), std::move(message), std::move(hint)));
    fatal_ = true;
    return false;
  }

  // Skips blanks and comments; false: a comment that never ends.
  bool skip_blank() {
    for (;;) {
      while (!at_end() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
      if (peek() == '/' && text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (peek() == '/' && text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos)
          return fail(at_, "expected '*/' at the end of a comment, found the end of the file");
        at_ = end + 2;
      } else {
        return true;
      }
    }
  }

  bool value(Node& node, std::size_t depth) {
    if (!skip_blank()) return false;
    node.where = where(at_, 1);
    if (depth > kMaxDepth) return fail(at_, "expected at most 200 levels of nesting, found more");
    if (++nodes_ > kMaxNodes) return fail(at_, "expected at most 500,000 values, found more");
    switch (peek()) {
      case '{': return object(node, depth);
      case '[': return array(node, depth);
      case '"': node.kind = Kind::text; return string(node);
      default: break;
    }
    if (peek() == '-' || is_digit(peek())) return number(node);
    return word(node);
  }

  bool word(Node& node) {
    for (const std::string_view known : {"true", "false", "null"}) {
      const bool ends = at_ + known.size() >= text_.size() ||
                        std::isalnum(static_cast<unsigned char>(text_[at_ + known.size()])) == 0;
      if (text_.substr(at_, known.size()) != known || !ends) continue;
      node.kind = known == "null" ? Kind::null : Kind::boolean;
      node.boolean = known == "true";
      node.where.length = known.size();
      at_ += known.size();
      return true;
    }
    const bool bare = std::isalpha(static_cast<unsigned char>(peek())) != 0 || peek() == '\'' || peek() == '$';
    return fail(at_, "expected a value, found " + here(), bare ? "put texts in \"double quotes\"" : "");
  }

  // Follows one of `,` and the closing letter; sets `more`. `what`: "list", "object".
  bool separator(char closing, const char* what, bool& more) {
    if (!skip_blank()) return false;
    const std::size_t comma = at_;
    more = peek() == ',';
    if (!more && peek() != closing) {
      return fail(at_, std::string("expected ',' or '") + closing + "' in a" + (*what == 'o' ? "n " : " ") + what +
                           ", found " + here());
    }
    ++at_;
    if (!more) return true;
    if (!skip_blank()) return false;
    if (peek() == closing)
      return fail(comma, "expected a value after ',', found the end of the " + std::string(what),
                  "take the comma away");
    return true;
  }

  bool array(Node& node, std::size_t depth) {
    node.kind = Kind::array;
    ++at_;
    if (!skip_blank()) return false;
    if (peek() == ']') return ++at_, true;
    for (bool more = true; more;) {
      node.items.emplace_back();
      if (!value(node.items.back(), depth + 1) || !separator(']', "list", more)) return false;
    }
    return true;
  }

  bool object(Node& node, std::size_t depth) {
    node.kind = Kind::object;
    Keys keys;
    ++at_;
    if (!skip_blank()) return false;
    if (peek() == '}') return ++at_, true;
    for (bool more = true; more;) {
      if (peek() != '"') return fail(at_, "expected a key in double quotes, found " + here());
      Node key;
      key.where = where(at_, 1);
      if (!string(key) || !skip_blank()) return false;
      if (peek() != ':') return fail(at_, "expected ':' after a key, found " + here());
      ++at_;
      Member member{key.text, key.where, {}};
      if (!value(member.value, depth + 1)) return false;
      auto problems = keys.add(member.key, member.key_where);
      if (problems.empty()) node.members.push_back(std::move(member));
      errors_.insert(errors_.end(), problems.begin(), problems.end());
      if (!separator('}', "object", more)) return false;
    }
    return true;
  }

  bool number(Node& node) {
    const std::size_t start = at_;
    const auto digits = [this] {
      const std::size_t from = at_;
      while (is_digit(peek())) ++at_;
      return at_ > from;
    };
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t first = at_;
    if (!digits()) return fail(at_, "expected a digit, found " + here());
    if (zero && at_ > first + 1)
      return fail(start,
                  "expected a number without leading zeros, found " + std::string(text_.substr(start, at_ - start)));
    bool whole = true;
    if (peek() == '.') {
      whole = false;
      ++at_;
      if (!digits()) return fail(at_, "expected a digit after '.', found " + here());
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return fail(at_, "expected a digit of the exponent, found " + here());
    }
    node.where.length = at_ - start;
    node.text = text_.substr(start, at_ - start);
    if (set_number(node, whole)) return true;
    return fail(start, "expected a number that a double can hold, found " + node.text.substr(0, 40));
  }

  // Reads a string in quotes into node.text, with its runs. Precondition: at the opening quote.
  bool string(Node& node) {
    const std::size_t start = at_++;
    while (!at_end() && peek() != '"') {
      const std::size_t from = at_;
      const std::size_t had = node.text.size();
      while (!at_end() && peek() != '"' && peek() != '\\' && static_cast<unsigned char>(peek()) >= 0x20) ++at_;
      if (at_ > from) {
        node.text += text_.substr(from, at_ - from);
        node.runs.push_back({had, at_ - from, from, at_ - from, true});
      } else if (peek() == '\\') {
        if (!escape(node.text)) return false;
        node.runs.push_back({had, node.text.size() - had, from, at_ - from, false});
      } else {
        const bool line = peek() == '\n' || peek() == '\r';
        return fail(line ? start : at_, line ? "expected '\"' at the end of a text, found the end of the line"
                                             : "expected \\t, found a tab inside a text");
      }
    }
    if (at_end()) return fail(start, "expected '\"' at the end of a text, found the end of the file");
    ++at_;
    node.where.length = at_ - start;
    if (node.runs.empty()) node.runs.push_back({0, 0, start + 1, 0, true});
    return true;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t start = at_++;
    if (const std::size_t known = kLetters.find(peek()); !at_end() && known != std::string_view::npos) {
      ++at_;
      out += kMeanings[known];
      return true;
    }
    std::uint32_t point = 0;
    if (peek() != 'u' || !hexadecimal(point))
      return fail(start, "expected an escape of JSON, found '" + std::string(text_.substr(start, 2)) + "'",
                  "write \\\\ for a backslash");
    if (point >= 0xD800 && point < 0xDC00) {
      std::uint32_t low = 0;
      const bool follows = text_.substr(at_, 2) == "\\u";
      if (follows) ++at_;
      if (!follows || !hexadecimal(low) || low < 0xDC00 || low >= 0xE000)
        return fail(start, "expected the second half of a surrogate pair after " + std::string(text_.substr(start, 6)));
      point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
    } else if (point >= 0xDC00 && point < 0xE000) {
      return fail(start, "expected the first half of a surrogate pair before " + std::string(text_.substr(start, 6)));
    }
    if (point == 0) return fail(start, "expected text, found the character NUL");
    append_utf8(point, out);
    return true;
  }

  // Reads u and four hexadecimal digits. Precondition: at the u.
  bool hexadecimal(std::uint32_t& point) {
    const std::string_view digits = text_.substr(at_ + 1, 4);
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), point, 16);
    if (problem != std::errc{} || digits.size() != 4 || end != digits.data() + 4) return false;
    at_ += 5;
    return true;
  }

  std::shared_ptr<const Source> source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  bool fatal_ = false;
  std::vector<base::Error> errors_;
};

}  // namespace

base::Result<Node> parse_json(const std::shared_ptr<const Source>& source) {
  Node root;
  auto errors = JsonScanner(source).scan(root);
  if (!errors.empty()) return base::unexpected(joined(std::move(errors)));
  return root;
}

}  // namespace weir::manifest
