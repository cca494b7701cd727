#include "layout.hpp"

#include "tokens.hpp"

namespace weir::json {
namespace {

// The flags of a state. `broken`: this is no JSON, and whoever parses the bytes so far will say so.
constexpr std::uint64_t kInString = 1, kEscaped = 2, kClosed = 4, kBroken = 8;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

std::size_t first_of(std::string_view head) {
  std::size_t at = head.starts_with(kMark) ? kMark.size() : 0;
  while (at < head.size() && is_blank(head[at])) ++at;
  return at;
}

// Walks over the structure of JSON: strings, brackets, commas.
class StructureScan {
 public:
  StructureScan(std::string_view bytes, ScanPlace& state)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), state_(state) {}

  // Goes on to the next byte that is a bracket, a comma or a line break outside of strings, and past it; gives the byte,
  // 0 at the end or where it is no JSON.
  char next() {
    while (at_ != end_ && (state_.flags & kBroken) == 0) {
      if ((state_.flags & kInString) != 0) {
        within_string();
        continue;
      }
      const char byte = *at_++;
      switch (byte) {
        case '"': state_.flags |= kInString; break;
        case '{':
        case '[': ++state_.depth; return byte;
        case '}':
        case ']':
          if (state_.depth == 0) {
            state_.flags |= kBroken;
            return 0;
          }
          --state_.depth;
          return byte;
        case ',':
        case '\n': return byte;
        default: other_ = other_ || !is_blank(byte);
      }
    }
    return 0;
  }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  // True if a byte that belongs to none of these was passed since this was asked last.
  bool take_other() {
    const bool other = other_;
    other_ = false;
    return other;
  }

 private:
  void within_string() {
    if ((state_.flags & kEscaped) != 0) {
      state_.flags &= ~kEscaped;
      ++at_;
      return;
    }
    at_ = string_stop(at_, end_);
    if (at_ == end_) return;
    const char byte = *at_++;
    if (byte == '"')
      state_.flags &= ~kInString;
    else if (byte == '\\')
      state_.flags |= kEscaped;
    else
      state_.flags |= kBroken;  // a control character
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  ScanPlace& state_;
  bool other_ = false;
};

std::size_t last_spread_end(std::string_view bytes, ScanPlace& state) {
  StructureScan scan(bytes, state);
  std::size_t last = 0;
  while (const char byte = scan.next()) {
    if (state.depth == 0 && byte != '\n' && byte != ',') last = scan.offset();
  }
  return (state.flags & kBroken) != 0 ? bytes.size() : last;
}

std::size_t last_item_end(std::string_view bytes, ScanPlace& state) {
  StructureScan scan(bytes, state);
  std::size_t last = 0;
  while (const char byte = scan.next()) {
    if (state.depth == 1 && byte == ',') last = scan.offset() - 1;
    if (state.depth == 0 && byte != '\n') {
      // Behind the closing bracket nothing but blanks may come: if more does, cut there, and the parser says so.
      if ((state.flags & kClosed) != 0) state.flags |= kBroken;
      state.flags |= kClosed;
      scan.take_other();
    }
  }
  if ((state.flags & kClosed) != 0 && scan.take_other()) state.flags |= kBroken;
  return (state.flags & kBroken) != 0 ? bytes.size() : last;
}

}  // namespace

std::size_t records_start(std::string_view head) {
  const std::size_t first = first_of(head);
  return first < head.size() && head[first] == '[' ? first : head.starts_with(kMark) ? kMark.size() : 0;
}

Layout layout_of(std::string_view head, bool whole) {
  const std::size_t first = first_of(head);
  if (first == head.size()) return whole ? Layout::lines : Layout::unknown;
  if (head[first] == '[') return Layout::array;
  if (head[first] != '{') return Layout::lines;
  ScanPlace state;
  StructureScan scan(head.substr(first), state);
  bool ended = false;
  while (const char byte = scan.next()) {
    if (byte == '\n') return ended ? Layout::lines : Layout::spread;
    if (ended) return byte == '{' && !scan.take_other() ? Layout::spread : Layout::lines;
    ended = state.depth == 0 && byte != ',';
    if (ended) scan.take_other();
  }
  return whole || (state.flags & kBroken) != 0 ? Layout::lines : Layout::unknown;
}

std::size_t last_record_end(std::string_view bytes, Layout layout, ScanPlace& state) {
  if ((state.flags & kBroken) != 0) return bytes.size();
  if (layout == Layout::array) return last_item_end(bytes, state);
  if (layout == Layout::spread) return last_spread_end(bytes, state);
  return bytes.rfind('\n') + 1;  // npos + 1 is 0
}

bool is_closed(const ScanPlace& state) { return (state.flags & (kClosed | kBroken)) != 0; }

}  // namespace weir::json
