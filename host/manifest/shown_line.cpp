// Each character becomes a piece: what is printed and how many columns it takes. The rest is counting.
#include "manifest/shown_line.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/utf8.hpp"
#include "manifest/diagnostics.hpp"

namespace weir::manifest {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Characters that steer a terminal or turn the direction of writing.
constexpr std::array<Range, 8> kSteering{{{0x00, 0x1F},
                                          {0x7F, 0x9F},
                                          {0x061C, 0x061C},
                                          {0x200E, 0x200F},
                                          {0x2028, 0x202E},
                                          {0x2066, 0x2069},
                                          {0xFEFF, 0xFEFF},
                                          {0xE0000, 0xE007F}}};
constexpr std::array<Range, 8> kWithoutWidth{{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05BD},
                                              {0x0610, 0x061A},
                                              {0x064B, 0x065F},
                                              {0x200B, 0x200D},
                                              {0x20D0, 0x20F0},
                                              {0xFE00, 0xFE0F}}};
constexpr std::array<Range, 10> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [point](const Range& one) { return point >= one.first && point <= one.last; });
}

std::string hexadecimal(const char* prefix, std::uint32_t value, std::size_t digits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = prefix;
  for (std::size_t left = digits; left > 0; --left) text += kDigits[(value >> (4 * (left - 1))) & 15U];
  return text;
}

struct Piece {
  std::size_t offset = 0;  // in the line
  std::size_t bytes = 1;   // of the line
  std::size_t columns = 1;
  std::string shown;
};

Piece piece_at(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset);
  const std::size_t length = base::character_length(rest);
  Piece piece{offset, std::max<std::size_t>(length, 1), 1, {}};
  const std::uint32_t point = length == 0 ? static_cast<unsigned char>(rest[0]) : base::code_point(rest, length);
  if (length == 0) {
    piece.shown = hexadecimal("\\x", point, 2);
  } else if (point == '\n') {
    piece.shown = "\\n";
  } else if (point == '\t') {
    piece.shown = "\\t";
  } else if (point == '\r') {
    piece.shown = "\\r";
  } else if (within(kSteering, point)) {
    piece.shown = point < 0x80 ? hexadecimal("\\x", point, 2) : hexadecimal("\\u", point, point > 0xFFFF ? 5 : 4);
  } else {
    piece.shown = rest.substr(0, length);
    piece.columns = within(kWithoutWidth, point) ? 0 : within(kWide, point) ? 2 : 1;
    return piece;
  }
  piece.columns = piece.shown.size();
  return piece;
}

std::vector<Piece> pieces_of(std::string_view line) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < line.size(); at += pieces.back().bytes) {
    pieces.push_back(piece_at(line, at));
    if (line[at] != '\t') continue;
    pieces.back().shown = "    ";
    pieces.back().columns = 4;
  }
  return pieces;
}

std::size_t columns_of(const std::vector<Piece>& pieces, std::size_t from, std::size_t to) {
  std::size_t columns = 0;
  for (std::size_t at = from; at < to; ++at) columns += pieces[at].columns;
  return columns;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const Piece piece = piece_at(text, at);
    shown += piece.shown;
    at += piece.bytes;
  }
  return shown;
}

ShownText show_cell(std::string_view text, std::size_t most) {
  ShownText shown;
  ShownText cut;  // what there is room for before …
  for (std::size_t at = 0; at < text.size();) {
    const Piece piece = piece_at(text, at);
    at += piece.bytes;
    if (shown.columns + piece.columns > most) {
      cut.text += most > 0 ? "…" : "";
      cut.columns += most > 0 ? 1 : 0;
      return cut;
    }
    shown.text += piece.shown;
    shown.columns += piece.columns;
    if (shown.columns < most) cut = shown;
  }
  return shown;
}

ShownLine show_line(std::string_view line, std::size_t offset, std::size_t length, std::size_t width) {
  const std::vector<Piece> pieces = pieces_of(line);
  std::size_t marked = 0;
  while (marked < pieces.size() && pieces[marked].offset + pieces[marked].bytes <= offset) ++marked;
  std::size_t after = marked;
  while (after < pieces.size() && pieces[after].offset < offset + std::max<std::size_t>(length, 1)) ++after;
  width = std::max<std::size_t>(width, 20);
  std::size_t first = 0;
  if (columns_of(pieces, 0, pieces.size()) > width) {  // a third of what is shown stands before the mark
    const std::size_t before = width / 3;
    first = marked;
    std::size_t columns = 0;
    while (first > 0 && columns + pieces[first - 1].columns <= before) columns += pieces[--first].columns;
  }
  ShownLine shown;
  std::size_t columns = first > 0 ? 1 : 0;
  if (first > 0) shown.text = "…";
  shown.caret_column = columns + columns_of(pieces, first, marked);
  std::size_t at = first;
  for (; at < pieces.size() && columns + pieces[at].columns < width; ++at) {
    shown.text += pieces[at].shown;
    columns += pieces[at].columns;
  }
  const bool last_fits = at + 1 == pieces.size() && columns + pieces[at].columns <= width;
  if (last_fits) shown.text += pieces[at++].shown;
  if (at < pieces.size()) shown.text += "…";
  shown.caret_length =
      std::max<std::size_t>(columns_of(pieces, marked, std::clamp(after, marked, std::max(at, marked))), 1);
  return shown;
}

}  // namespace weir::manifest
