#include "cli/text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

namespace weir::cli {

std::size_t terminal_width() {
  constexpr std::size_t kDefault = 100, kLeast = 20, kMost = 1000;
  std::size_t width = 0;
  if (const char* const told = std::getenv("COLUMNS")) {  // NOLINT(concurrency-mt-unsafe): nobody sets it
    const std::string_view text = told;
    std::from_chars(text.data(), text.data() + text.size(), width);
  }
  winsize size{};
  if (width == 0 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  return width == 0 ? kDefault : std::clamp(width, kLeast, kMost);
}

std::string wrapped(std::string_view text, std::string_view indent) {
  constexpr std::size_t kWidest = 100;
  const std::size_t width = std::min(kWidest, terminal_width());
  std::string lines, line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      lines += line + "\n";
      line.clear();
    }
    line += (line.empty() ? std::string(indent) : " ") + std::string(word);
  }
  return line.empty() ? lines : lines + line + "\n";
}

std::string shell_word(const std::string& word) {
  const auto plain = [](unsigned char letter) {
    return std::isalnum(letter) != 0 ||
           std::string_view("_-./,:@%+=").find(static_cast<char>(letter)) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string text;
  for (const auto& one : texts) text.append(text.empty() ? "" : between).append(one);
  return text;
}

}  // namespace weir::cli
