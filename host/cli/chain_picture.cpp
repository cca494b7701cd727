#include "cli/chain_picture.hpp"

#include <algorithm>
#include <vector>

#include "base/counted.hpp"
#include "cli/html.hpp"

namespace weir::cli {
namespace {

using integrity::Line;
using integrity::Role;

constexpr int kWidth = 248, kHeight = 62;  // of a box, in the picture's units
constexpr int kAcross = 28, kDown = 48;    // between boxes
constexpr int kEdge = 4;
constexpr std::size_t kMostInABox = 26;  // that a box holds

struct Box {
  int x = 0, y = 0;
  int middle() const { return x + kWidth / 2; }
};

std::string number(int value) { return std::to_string(value); }

std::string letters(int x, int y, const char* kind, std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + kind + "\">" +
         html_text(shortened(text, kMostInABox)) + "</text>";
}

class Picture {
 public:
  explicit Picture(const integrity::Ledger& ledger) : lines_(ledger.lines), boxes_(lines_.size()) { place(); }

  std::string markup() const {
    std::string made = "<svg viewBox=\"0 0 " + number(width_) + " " + number(height_) + "\" width=\"" + number(width_) +
                       "\" height=\"" + number(height_) +
                       "\" role=\"img\" aria-label=\"The chain: the table below has the same in words\">\n";
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      for (const std::size_t from : lines_[i].from) made += arrow(from, i);
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) made += box(i);
    return made + "</svg>\n";
  }

 private:
  // A level below the deepest that it gets rows from; beside one another in the order of the ledger.
  void place() {
    std::vector<std::size_t> level(lines_.size(), 0);
    std::vector<int> taken;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      for (const std::size_t from : lines_[i].from) level[i] = std::max(level[i], level[from] + 1);
      taken.resize(std::max(taken.size(), level[i] + 1));
      boxes_[i] = {kEdge + taken[level[i]] * (kWidth + kAcross),
                   kEdge + static_cast<int>(level[i]) * (kHeight + kDown)};
      ++taken[level[i]];
    }
    const int most = taken.empty() ? 0 : *std::max_element(taken.begin(), taken.end());
    width_ = 2 * kEdge + most * (kWidth + kAcross) - kAcross;
    height_ = 2 * kEdge + static_cast<int>(taken.size()) * (kHeight + kDown) - kDown;
    for (std::size_t i = 0; i < boxes_.size(); ++i) boxes_[i].x += (most - taken[level[i]]) * (kWidth + kAcross) / 2;
  }

  std::string arrow(std::size_t from, std::size_t to) const {
    const int x1 = boxes_[from].middle(), y1 = boxes_[from].y + kHeight, x2 = boxes_[to].middle(), y2 = boxes_[to].y;
    const std::uint64_t rows = lines_[from].account.left_by(lines_[to].output);
    return "<path class=\"flow\" d=\"M" + number(x1) + " " + number(y1) + " C" + number(x1) + " " +
           number(y1 + kDown / 2) + " " + number(x2) + " " + number(y2 - kDown / 2) + " " + number(x2) + " " +
           number(y2 - 7) + "\"/>" + "<path class=\"head\" d=\"M" + number(x2 - 5) + " " + number(y2 - 8) +
           " l5 8 l5 -8 z\"/>" +
           letters(x2 < x1 ? x2 - 10 : x2 + 10, y2 - 16, x2 < x1 ? "count before" : "count",
                   base::counted(rows, "row")) +
           "\n";
  }

  std::string box(std::size_t i) const {
    const Line& line = lines_[i];
    const Box& at = boxes_[i];
    const char* const role = line.role == Role::extract ? "extract" : line.role == Role::load ? "load" : "transform";
    std::string lost;
    if (line.account.dropped.total() > 0) lost = base::format_count(line.account.dropped.total()) + " dropped";
    if (line.account.rejected.total() > 0)
      lost += (lost.empty() ? "" : " · ") + base::format_count(line.account.rejected.total()) + " rejected";
    std::string made =
        "<g><title>" + html_text(line.link + ", " + line.component + (lost.empty() ? "" : ": " + lost)) +
        "</title><rect class=\"" + role + "\" x=\"" + number(at.x) + "\" y=\"" + number(at.y) + "\" width=\"" +
        number(kWidth) + "\" height=\"" + number(kHeight) + "\" rx=\"8\"/>" +
        letters(at.x + 14, at.y + 24, "link", line.link) +
        letters(at.x + 14, at.y + 44, "component", lost.empty() ? line.component : line.component + " · " + lost);
    return made + "</g>\n";
  }

  const std::vector<Line>& lines_;
  std::vector<Box> boxes_;
  int width_ = 0, height_ = 0;
};

}  // namespace

std::string chain_picture(const integrity::Ledger& ledger) {
  return ledger.lines.empty() ? "" : Picture(ledger).markup();
}

}  // namespace weir::cli
