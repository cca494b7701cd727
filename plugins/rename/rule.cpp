#include "rule.hpp"

namespace weir::rename {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
char lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }

// Does a word begin at the capital `i`? "orderId" at I; "HTTPStatus" at S, whose next letter is small.
bool begins_word(std::string_view name, std::size_t i) {
  if (i == 0 || !is_upper(name[i]) || !is_word(name[i - 1])) return false;
  if (!is_upper(name[i - 1])) return true;
  return i + 1 < name.size() && is_lower(name[i + 1]);
}

template <class Letter>
std::string each(std::string_view name, Letter letter) {
  std::string made;
  for (const char c : name) made += letter(c);
  return made;
}

}  // namespace

std::string snake_case(std::string_view name) {
  std::string made;
  bool between = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_word(name[i])) {
      between = true;
      continue;
    }
    if ((between || begins_word(name, i)) && !made.empty()) made += '_';
    between = false;
    made += lower(name[i]);
  }
  return made;
}

Rule::Rule(const Config& config)
    : style_(config.text("/style")),
      strip_prefix_(config.text("/strip_prefix")),
      prefix_(config.text("/prefix")),
      suffix_(config.text("/suffix")) {}

std::string Rule::operator()(std::string_view name) const {
  if (name.starts_with(strip_prefix_)) name.remove_prefix(strip_prefix_.size());
  std::string made(name);
  if (style_ == "snake_case") made = snake_case(name);
  if (style_ == "lower") made = each(name, lower);
  if (style_ == "upper") made = each(name, upper);
  return made.empty() ? made : prefix_ + made + suffix_;
}

}  // namespace weir::rename
