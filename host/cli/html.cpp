#include "cli/html.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "base/utf8.hpp"

namespace weir::cli {
namespace {

// What turns the direction of the text behind it, or can't be seen.
bool is_steering(std::uint32_t point) {
  return (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

}  // namespace

std::string html_text(std::string_view text) {
  const std::string shown = base::printable(text);
  std::string made;
  for (std::size_t at = 0; at < shown.size();) {
    const std::string_view rest = std::string_view(shown).substr(at);
    const std::size_t length = std::max<std::size_t>(1, base::character_length(rest));
    at += length;
    switch (rest.front()) {
      case '&': made += "&amp;"; continue;
      case '<': made += "&lt;"; continue;
      case '>': made += "&gt;"; continue;
      case '"': made += "&quot;"; continue;
      case '\'': made += "&#39;"; continue;
      default: break;
    }
    const std::uint32_t point = base::code_point(rest, length);
    if (is_steering(point)) {
      std::array<char, 16> code{};
      std::snprintf(code.data(), code.size(), "U+%04X", point);
      made += code.data();
    } else {
      made += rest.substr(0, length);
    }
  }
  return made;
}

std::string shortened(std::string_view text, std::size_t most) {
  const std::string whole = base::printable(text);
  std::size_t at = 0, characters = 0, end = 0;
  while (at < whole.size()) {
    if (++characters == most) end = at;
    at += std::max<std::size_t>(1, base::character_length(std::string_view(whole).substr(at)));
  }
  return characters <= most ? whole : whole.substr(0, end) + "…";
}

std::string HtmlTable::markup() const {
  const auto cell = [this](const char* element, std::size_t column, const std::string& scope,
                           const std::string& content) {
    const bool number = column < numbers.size() && numbers[column];
    return std::string("<") + element + scope + (number ? " class=\"number\">" : ">") + content + "</" + element + ">";
  };
  std::string made = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + html_text(caption) +
                     "\"><table><caption>" + html_text(caption) + "</caption>\n<thead><tr>";
  for (std::size_t i = 0; i < heads.size(); ++i) made += cell("th", i, " scope=\"col\"", html_text(heads[i]));
  made += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    made += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      made += i == 0 ? cell("th", i, " scope=\"row\"", row[i]) : cell("td", i, "", row[i]);
    made += "</tr>\n";
  }
  return made + "</tbody></table></div>\n";
}

}  // namespace weir::cli
