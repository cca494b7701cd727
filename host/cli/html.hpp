// Html: text that is put into a page. What comes from data, manifests and plugins goes in by text() alone: nothing of it is markup.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

// A text as a page holds it, in an element or in the quotes of an attribute: markup, quotes and control characters of all kinds are
// escaped, those that turn the direction of text too; what is not UTF-8 is U+FFFD.
std::string html_text(std::string_view text);

// A text of at most so many characters, the last of them "…".
std::string shortened(std::string_view text, std::size_t most);

// A table with a caption; cells are markup. `numbers`: columns that stand at the right.
struct HtmlTable {
  std::string caption;  // a text
  std::vector<std::string> heads;
  std::vector<bool> numbers;
  std::vector<std::vector<std::string>> rows;

  std::string markup() const;
};

}  // namespace weir::cli
