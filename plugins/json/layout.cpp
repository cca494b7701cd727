#include "layout.hpp"

#include "document_scan.hpp"
#include "tokens.hpp"

namespace weir::json {
namespace {

// The flags of a state. `broken`: this is no JSON, and whoever parses the bytes so far will say so.
constexpr std::uint64_t kInString = 1, kEscaped = 2, kClosed = 4, kBroken = 8;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

}  // namespace

std::size_t mark_length(std::string_view head) { return head.starts_with(kMark) ? kMark.size() : 0; }

namespace {

std::size_t first_of(std::string_view head) {
  std::size_t at = mark_length(head);
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

// The offset behind the bracket that ends the array, if it is closed. `last`: as last_record_end() gives it.
std::size_t end_of_rows(std::string_view bytes, ScanPlace& state, std::size_t& last) {
  StructureScan scan(bytes, state);
  while (const char byte = scan.next()) {
    if (state.depth == 1 && byte == ',') last = scan.offset() - 1;
    if (state.depth > 0) continue;
    state.flags |= byte == ']' ? kClosed : kBroken;
    break;
  }
  return scan.offset();
}

// Where the last piece of what is behind the rows may begin; 0: nowhere.
std::size_t last_cut_behind(std::string_view bytes, std::size_t behind) {
  for (std::size_t i = bytes.size(); i > behind + 1;) {
    --i;
    if (!is_blank(bytes[i]) && bytes[i] != ',' && bytes[i] != '[') return i;
  }
  return 0;
}

}  // namespace

std::size_t records_start(std::string_view head) {
  const std::size_t first = first_of(head);
  return first < head.size() && head[first] == '[' ? first : mark_length(head);
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

std::size_t last_document_end(std::string_view bytes, const RowsPath& path, std::uint64_t (&state)[4]) {
  std::size_t behind = 0, last = 0;
  if ((state[0] & (kClosed | kBroken)) == 0) {
    ScanPlace place{state[0], state[1]};
    behind = end_of_rows(bytes, place, last);
    state[0] = place.flags;
    state[1] = place.depth;
    if ((place.flags & kClosed) == 0) return (place.flags & kBroken) != 0 ? bytes.size() : last;
    DocumentScan::State::behind_rows(path.tokens.size()).pack(state, kClosed);
  }
  if ((state[0] & kBroken) != 0) return bytes.size();
  DocumentScan scan(path, DocumentScan::State::unpack(state));
  check_behind(bytes, behind, scan);
  scan.state().pack(state, kClosed);
  const std::size_t cut = last_cut_behind(bytes, behind);
  return cut == 0 ? last : cut;
}

bool is_document_closed(const RowsPath& path, const std::uint64_t (&state)[4]) {
  if ((state[0] & kClosed) == 0) return (state[0] & kBroken) != 0;
  return DocumentScan(path, DocumentScan::State::unpack(state)).is_done();
}

void resume_document(char next, std::uint64_t (&state)[4]) {
  state[0] = state[1] = 0;
  if (next == ',')
    state[1] = 1;  // depth: between two items
  else
    DocumentScan::State::anywhere().pack(state, kClosed);
}

bool is_closed(const ScanPlace& state) { return (state.flags & (kClosed | kBroken)) != 0; }

}  // namespace weir::json
