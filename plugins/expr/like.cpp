// Matching of like: pieces between %s are searched from left to right; the first found is the best for those behind it.
#include "like.hpp"

#include <optional>

#include "letters.hpp"

namespace weir::expr {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::size_t character_length(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80U) ++length;
  return length;
}

class Like final : public Operation {
 public:
  Like(OperationPointer operand, OperationPointer pattern, char escape, bool ilike)
      : Operation({.kind = Kind::boolean}),
        operand_(std::move(operand)),
        pattern_(std::move(pattern)),
        escape_(escape),
        ilike_(ilike) {
    if (const Constant* constant = pattern_->constant()) known_.emplace(constant->text, escape, ilike);
  }

  void run(Frame& frame, const Bits& live, Vector& out) const override {
    Vector texts(frame.scratch), patterns(frame.scratch);
    operand_->run(frame, live, texts);
    pattern_->run(frame, live, patterns);
    join_validity(texts, patterns, out);
    out.truth = no_bits();
    const auto* values = texts.values<std::string_view>();
    const auto* written = patterns.values<std::string_view>();
    for_each(out.valid_of(live), [&](int row) {
      const bool matches =
          known_ ? known_->matches(values[row]) : LikePattern(written[row], escape_, ilike_).matches(values[row]);
      if (matches) set(out.truth, row);
    });
  }

 private:
  OperationPointer operand_, pattern_;
  char escape_;
  bool ilike_;
  std::optional<LikePattern> known_;
};

}  // namespace

LikePattern::LikePattern(std::string_view pattern, char escape, bool ilike) : pieces_(1), ilike_(ilike) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    Piece& piece = pieces_.back();
    if (escape != 0 && pattern[i] == escape && i + 1 < pattern.size()) {
      piece.text += pattern[++i];
    } else if (pattern[i] == '%') {
      pieces_.emplace_back();
    } else {
      if (pattern[i] == '_') piece.any.push_back(piece.text.size());
      piece.text += pattern[i];
    }
  }
  if (!ilike) return;
  for (Piece& piece : pieces_) piece.text = lowered(piece.text);
}

// Where the match of `piece` that begins at `from` ends, or kNone.
std::size_t LikePattern::end_of_match(const Piece& piece, std::string_view text, std::size_t from) {
  if (piece.any.empty()) return text.substr(from).starts_with(piece.text) ? from + piece.text.size() : kNone;
  std::size_t next = 0;
  for (std::size_t i = 0; i < piece.text.size(); ++i) {
    if (from >= text.size()) return kNone;
    if (next < piece.any.size() && piece.any[next] == i) {
      ++next;
      from += character_length(text, from);
    } else if (text[from++] != piece.text[i]) {
      return kNone;
    }
  }
  return from;
}

bool LikePattern::matches(std::string_view text) const {
  return ilike_ ? matches_folded(lowered(text)) : matches_folded(text);
}

bool LikePattern::matches_folded(std::string_view text) const {
  const std::size_t first = end_of_match(pieces_.front(), text, 0);
  if (first == kNone) return false;
  if (pieces_.size() == 1) return first == text.size();
  std::size_t at = first;
  for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.any.empty()) {
      at = text.find(piece.text, at);
      if (at == kNone) return false;
      at += piece.text.size();
      continue;
    }
    std::size_t end = kNone;
    while (at <= text.size() && (end = end_of_match(piece, text, at)) == kNone)
      at += at < text.size() ? character_length(text, at) : 1;
    if (end == kNone) return false;
    at = end;
  }
  const Piece& last = pieces_.back();
  if (last.any.empty()) return text.size() - at >= last.text.size() && text.ends_with(last.text);
  for (; at <= text.size(); at += at < text.size() ? character_length(text, at) : 1) {
    if (end_of_match(last, text, at) == text.size()) return true;
  }
  return false;
}

OperationPointer like_operation(OperationPointer operand, OperationPointer pattern, char escape, bool ilike) {
  return std::make_unique<Like>(std::move(operand), std::move(pattern), escape, ilike);
}

}  // namespace weir::expr
