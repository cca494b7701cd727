// A scanner of JSON that remembers one path: see json_text.hpp.
#include "json_text.hpp"

#include <algorithm>
#include <charconv>

#include "texts.hpp"

namespace weir::expr {
namespace {

constexpr int kMaximumJsonDepth = 512;

std::optional<std::uint32_t> hex(View text) {
  std::uint32_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const bool fine = text.size() == 4 && read.ec == std::errc() && read.ptr == text.data() + 4 && text[0] != '-';
  return fine ? std::optional(value) : std::nullopt;
}

// Reads one character of a string's inside at `at`, and moves behind it. Precondition: it is valid.
char32_t next_json_character(View text, std::size_t& at) {
  if (text[at] != '\\') return next_character(text, at);
  const char letter = text[at + 1];
  at += 2;
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return static_cast<unsigned char>(letter);
  }
  const std::uint32_t first = *hex(text.substr(at, 4));
  at += 4;
  if (first < 0xD800 || first > 0xDFFF) return first;
  const bool pair = first < 0xDC00 && text.substr(at, 2) == "\\u";
  const std::uint32_t second = pair ? *hex(text.substr(at + 2, 4)) : 0;
  if (second < 0xDC00 || second > 0xDFFF) return 0xFFFD;
  at += 6;
  return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
}

// Whether the string, in quotes, is `name`.
bool is_named(View string, View name) {
  const View inside = string.substr(1, string.size() - 2);
  if (inside.find('\\') == View::npos) return inside == name;
  std::size_t at = 0, known = 0;
  while (at < inside.size()) {
    if (known == name.size() || next_json_character(inside, at) != next_character(name, known)) return false;
  }
  return known == name.size();
}

class Scanner {
 public:
  Scanner(View text, const std::vector<JsonPath::Step>& steps) : text_(text), steps_(steps) {}

  Found run(View& found) {
    skip_blanks();
    if (!value(0)) return Found::no_json;
    skip_blanks();
    if (at_ != text_.size()) return Found::no_json;
    found = found_;
    return found_.data() == nullptr ? Found::nothing : Found::value;
  }

 private:
  static constexpr std::size_t kElsewhere = 1'000'000;  // a step that none is

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool take(char c) { return at_ < text_.size() && text_[at_] == c && (++at_, true); }
  bool take_word(View word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  // Scans a value, to which `step` steps of the path lead.
  bool value(std::size_t step) {
    if (at_ >= text_.size() || ++depth_ > kMaximumJsonDepth) return false;
    const std::size_t begin = at_;
    const bool fine = inside(step);
    --depth_;
    if (fine && step == steps_.size() && found_.data() == nullptr) found_ = text_.substr(begin, at_ - begin);
    return fine;
  }
  bool inside(std::size_t step) {
    switch (text_[at_]) {
      case '{': return object(step);
      case '[': return array(step);
      case '"': return string();
      case 't': return take_word("true");
      case 'f': return take_word("false");
      case 'n': return take_word("null");
      default: return number();
    }
  }

  bool object(std::size_t step) {
    ++at_;
    skip_blanks();
    if (take('}')) return true;
    bool open = step < steps_.size() && (steps_[step].item == -1 || !steps_[step].member.empty());
    do {
      skip_blanks();
      const std::size_t begin = at_;
      if (!string()) return false;
      const bool leads = open && is_named(text_.substr(begin, at_ - begin), steps_[step].member);
      if (leads) open = false;
      skip_blanks();
      if (!take(':')) return false;
      skip_blanks();
      if (!value(leads ? step + 1 : kElsewhere)) return false;
      skip_blanks();
    } while (take(','));
    return take('}');
  }

  bool array(std::size_t step) {
    ++at_;
    const std::size_t begin = at_;
    skip_blanks();
    if (take(']')) return true;
    std::int64_t wanted = step < steps_.size() ? steps_[step].item : -1;
    if (wanted < -1) wanted = count_from(begin) + wanted + 1;
    std::int64_t item = 0;
    do {
      skip_blanks();
      if (!value(item == wanted ? step + 1 : kElsewhere)) return false;
      ++item;
      skip_blanks();
    } while (take(','));
    return take(']');
  }
  // The items from there on; 0 if it is no array.
  std::int64_t count_from(std::size_t begin) const {
    static const std::vector<JsonPath::Step> kNowhere;
    Scanner counter(text_, kNowhere);
    counter.at_ = begin;
    counter.depth_ = depth_;
    std::int64_t count = 0;
    do {
      counter.skip_blanks();
      if (!counter.value(kElsewhere)) return 0;
      ++count;
      counter.skip_blanks();
    } while (counter.take(','));
    return count;
  }

  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }
  bool escape() {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    if (c != 'u') return View("\"\\/bfnrt").find(c) != View::npos;
    if (!hex(text_.substr(at_, 4))) return false;
    at_ += 4;
    return true;
  }

  bool digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > begin;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  View text_;
  const std::vector<JsonPath::Step>& steps_;
  View found_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// Steps of '/a/b/0', by RFC 6901: a number is an item of an array, and a member of that name of an object.
void add_pointer(View text, std::vector<JsonPath::Step>& steps) {
  while (!text.empty()) {
    text.remove_prefix(1);
    const View part = text.substr(0, text.find('/'));
    text.remove_prefix(part.size());
    JsonPath::Step step;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const bool escape = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
      step.member += escape ? (part[++i] == '0' ? '~' : '/') : part[i];
    }
    std::int64_t item = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), item);
    const bool plain = part == "0" || (!part.empty() && part[0] >= '1' && part[0] <= '9');
    if (plain && read.ec == std::errc() && read.ptr == part.data() + part.size()) step.item = item;
    steps.push_back(std::move(step));
  }
}

// Takes '.name', '."a name"', '[0]' or '[#-1]', the last item, from the front of `text`.
bool take_step(View& text, JsonPath::Step& step) {
  const bool member = text[0] == '.';
  text.remove_prefix(1);
  if (member && text.starts_with('"')) {
    const std::size_t end = text.find('"', 1);
    if (end == View::npos) return false;
    step.member = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return true;
  }
  if (member) {
    step.member = text.substr(0, text.find_first_of(".["));
    text.remove_prefix(step.member.size());
    return !step.member.empty();
  }
  const std::size_t end = text.find(']');
  if (end == View::npos) return false;
  View number = text.substr(0, end);
  text.remove_prefix(end + 1);
  const bool from_end = number.starts_with("#-") || number.starts_with("-");
  if (from_end) number.remove_prefix(number[0] == '#' ? 2 : 1);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), step.item);
  const bool fine = read.ec == std::errc() && read.ptr == number.data() + number.size() && step.item >= 0;
  if (from_end) step.item = -step.item - 1;
  return fine && step.item != -1;
}

}  // namespace

std::optional<JsonPath> JsonPath::of(std::string_view text) {
  JsonPath made;
  if (text.empty()) return std::nullopt;
  if (text[0] == '/') {
    add_pointer(text, made.steps_);
    return made;
  }
  if (text[0] != '$') {
    made.steps_.push_back({.member = std::string(text)});
    return made;
  }
  text.remove_prefix(1);
  while (!text.empty()) {
    if (text[0] != '.' && text[0] != '[') return std::nullopt;
    if (!take_step(text, made.steps_.emplace_back())) return std::nullopt;
  }
  return made;
}

JsonPath JsonPath::of_item(std::int64_t item) {
  JsonPath made;
  made.steps_.push_back({.item = item < 0 ? item - 1 : item});
  return made;
}

Found find_json(std::string_view text, const JsonPath& path, std::string_view& value) {
  return Scanner(text, path.steps()).run(value);
}

std::string_view json_characters(std::string_view value, Frame& frame) {
  const View inside = value.substr(1, value.size() - 2);
  if (inside.find('\\') == View::npos) return inside;
  Pen pen(frame, inside.size());
  for (std::size_t at = 0; at < inside.size();) pen.put_character(next_json_character(inside, at));
  return pen.done();
}

std::int64_t json_count(std::string_view value) {
  std::int64_t commas = 0;
  int depth = 0;
  bool any = false;
  for (std::size_t at = 1; at + 1 < value.size(); ++at) {
    const char c = value[at];
    any = any || !(c == ' ' || c == '\t' || c == '\n' || c == '\r');
    if (c == '"') {
      for (++at; value[at] != '"'; ++at) at += value[at] == '\\' ? 1U : 0U;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) ++commas;
  }
  return any ? commas + 1 : 0;
}

}  // namespace weir::expr
