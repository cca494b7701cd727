// Spelling and value are walked side by side: what is equal is an exact run, an escape or a fold is a run of its own.
#include "manifest/yaml_text.hpp"

#include <algorithm>

namespace weir::manifest {
namespace {

bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }

class Walk {
 public:
  Walk(std::string_view source, std::size_t at, std::string_view text) : source_(source), at_(at), text_(text) {}

  std::size_t at() const { return at_; }
  std::vector<TextRun>& runs() { return runs_; }

  // Plain and quoted scalars; ends at the end of the value. `quote`: '"', '\'' or 0.
  bool flow(char quote) {
    while (done_ < text_.size()) {
      if (at_ >= source_.size()) return false;
      if (quote == '"' && source_[at_] == '\\') {
        if (!escape()) return false;
      } else if (quote == '\'' && source_.substr(at_, 2) == "''") {
        if (text_[done_] != '\'') return false;
        add(1, 2, false);
      } else if (is_blank(source_[at_]) && folds()) {
        if (!fold(source_.find_first_not_of(" \t\r\n", at_))) return false;
      } else if (source_[at_] == text_[done_]) {
        add(1, 1, true);
      } else {
        return false;
      }
    }
    return true;
  }

  // Block scalars, from the line after their header.
  bool block() {
    const std::size_t indent = block_indent();
    skip_indent(indent);
    while (done_ < text_.size() && at_ < source_.size()) {
      if (source_[at_] == '\n' || source_.substr(at_, 2) == "\r\n") {
        if (!fold(next_content(indent))) return false;
      } else if (source_[at_] == text_[done_]) {
        add(1, 1, true);
      } else {
        return false;
      }
    }
    return true;
  }

 private:
  void add(std::size_t text_length, std::size_t source_length, bool exact) {
    TextRun* const last = runs_.empty() ? nullptr : &runs_.back();
    if (exact && last && last->exact && last->source_offset + last->source_length == at_) {
      last->text_length += text_length;
      last->source_length += source_length;
    } else {
      runs_.push_back({done_, text_length, at_, source_length, exact});
    }
    done_ += text_length;
    at_ += source_length;
  }

  // Whether the blanks here hold a line's end.
  bool folds() const {
    const std::size_t end = std::min(source_.find_first_not_of(" \t\r\n", at_), source_.size());
    return source_.substr(at_, end - at_).find('\n') != std::string_view::npos;
  }

  // The source up to `end` stands for one space, some line ends, or nothing.
  bool fold(std::size_t end) {
    end = std::min(end, source_.size());
    std::size_t length = 0;
    while (done_ + length < text_.size() && text_[done_ + length] == '\n') ++length;
    if (length == 0 && text_[done_] == ' ') length = 1;
    if (length == 0) {
      at_ = end;
    } else {
      add(length, end - at_, false);
    }
    return true;
  }

  bool escape() {
    const char letter = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    if (letter == '\n' || letter == '\r') {  // a line continued: nothing in the value
      at_ = std::min(source_.find_first_not_of(" \t\r\n", at_ + 1), source_.size());
      return true;
    }
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    const auto first = static_cast<unsigned char>(text_[done_]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (done_ + length > text_.size() || at_ + 2 + digits > source_.size()) return false;
    add(length, 2 + digits, false);
    return true;
  }

  // Blanks at the start of the first line that has more than blanks, less those that belong to the value.
  std::size_t block_indent() const {
    std::size_t line = at_;
    while (line < source_.size()) {
      const std::size_t content = std::min(source_.find_first_not_of(' ', line), source_.size());
      if (content >= source_.size()) return 0;
      if (source_[content] != '\n' && source_[content] != '\r') {
        std::size_t begin = std::min(text_.find_first_not_of('\n'), text_.size());
        const std::size_t own = std::min(text_.find_first_not_of(' ', begin), text_.size()) - begin;
        return content - line - std::min(own, content - line);
      }
      line = std::min(source_.find('\n', content), source_.size() - 1) + 1;
    }
    return 0;
  }

  void skip_indent(std::size_t indent) {
    for (std::size_t count = 0; count < indent && at_ < source_.size() && source_[at_] == ' '; ++count) ++at_;
  }

  // From a line's end: past it, past empty lines, and past the indent of the next line.
  std::size_t next_content(std::size_t indent) const {
    std::size_t line = std::min(source_.find('\n', at_), source_.size() - 1) + 1;
    for (;;) {
      std::size_t content = line;
      while (content < source_.size() && content < line + indent && source_[content] == ' ') ++content;
      const bool empty = content < source_.size() && (source_[content] == '\n' || source_[content] == '\r');
      if (!empty) return content;
      line = std::min(source_.find('\n', content), source_.size() - 1) + 1;
    }
  }

  std::string_view source_;
  std::size_t at_;
  std::string_view text_;
  std::size_t done_ = 0;
  std::vector<TextRun> runs_;
};

// The end of a quoted scalar, past its closing quote; npos: it is never closed.
std::size_t quoted_end(std::string_view source, std::size_t start) {
  const char quote = source[start];
  for (std::size_t at = start + 1; at < source.size(); ++at) {
    if (quote == '"' && source[at] == '\\') {
      ++at;
    } else if (source[at] == quote) {
      if (quote == '"' || source.substr(at, 2) != "''") return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::size_t skip_properties(std::string_view source, std::size_t offset) {
  while (offset < source.size()) {
    const char letter = source[offset];
    if (letter == '&' || letter == '!') {
      offset = std::min(source.find_first_of(" \t\r\n,[]{}", offset), source.size());
    } else if (is_blank(letter)) {
      ++offset;
    } else if (letter == '#') {
      offset = std::min(source.find('\n', offset), source.size());
    } else {
      break;
    }
  }
  return offset;
}

bool locate_scalar(Node& node, bool plain) {
  const std::string_view source = node.where.source->text();
  const std::size_t start = node.where.offset;
  const char first = start < source.size() ? source[start] : '\0';
  const bool quoted = !plain && (first == '"' || first == '\'');
  const bool block = !plain && (first == '|' || first == '>');
  std::size_t begin = start + (quoted ? 1 : 0);
  if (block) begin = std::min(source.find('\n', start), source.size() - 1) + 1;
  Walk walk(source, begin, node.text);
  const bool walked = block ? walk.block() : walk.flow(quoted ? first : '\0');
  if (walked) node.runs = std::move(walk.runs());
  if (walked && node.runs.empty()) node.runs.push_back({0, 0, begin, 0, true});
  node.where.length = walked && !block ? std::max<std::size_t>(walk.at() - start, 1) : 1;
  if (!quoted) return true;
  const std::size_t end = quoted_end(source, start);
  if (end == std::string_view::npos) return false;
  node.where.length = end - start;
  return true;
}

}  // namespace weir::manifest
