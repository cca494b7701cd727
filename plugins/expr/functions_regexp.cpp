// Regular expressions: RE2's, which take time that grows with the text, whatever the pattern.
#include <re2/re2.h>

#include <array>
#include <memory>

#include "call.hpp"
#include "column.hpp"
#include "function.hpp"
#include "texts.hpp"

namespace weir::expr {
namespace {

constexpr int kMostGroups = 9;
constexpr std::string_view kPattern = "a pattern such as '^[0-9]+$'";

using Pattern = std::shared_ptr<const RE2>;

re2::StringPiece piece(View text) { return {text.data(), text.size()}; }
View view(const re2::StringPiece& text) { return {text.data(), text.size()}; }

struct Options {
  bool global = false;
  RE2::Options syntax = RE2::Options(RE2::Quiet);
};

// The letters of argument i: i (any case), c (exact), g (all), s (. is any character, line ends too), m (^ and $ at lines).
Options options_at(const Call& call, std::size_t i, View allowed) {
  Options options;
  options.syntax.set_never_capture(false);
  if (i >= call.count()) return options;
  const std::string wanted = "options of the letters " + std::string(allowed);
  for (const char letter : call.constant_text(i, wanted)) {
    if (allowed.find(letter) == View::npos) call.unexpected_word(i, wanted);
    if (letter == 'i' || letter == 'c') options.syntax.set_case_sensitive(letter == 'c');
    if (letter == 's') options.syntax.set_dot_nl(true);
    if (letter == 'g') options.global = true;
  }
  return options;
}

Pattern pattern_at(const Call& call, std::size_t i, const Options& options) {
  auto made = std::make_shared<const RE2>(call.constant_text(i, kPattern), options.syntax);
  if (!made->ok()) {
    Compiler::mistake(call.syntax(i),
                      "expected " + std::string(kPattern) + " " + call.where() + ", found " + made->error(),
                      "a backslash takes its meaning from . * + ? ( ) [ ] { } ^ $ |");
  }
  return made;
}

OperationPointer make_regexp_test(Call& call, RE2::Anchor anchor) {
  const Pattern pattern = pattern_at(call, 1, options_at(call, 2, "ics"));
  return rowwise<View, bool>(kBoolean, call.text(0), {}, [pattern, anchor](View text, bool& result, Frame&) {
    result = pattern->Match(piece(text), 0, text.size(), anchor, nullptr, 0);
    return true;
  });
}
OperationPointer make_matches(Call& call) { return make_regexp_test(call, RE2::UNANCHORED); }
OperationPointer make_full_match(Call& call) { return make_regexp_test(call, RE2::ANCHOR_BOTH); }

// The group that argument i names or numbers; 0, the whole match, where there is none.
int group_at(const Call& call, std::size_t i, const RE2& pattern) {
  if (i >= call.count()) return 0;
  const int groups = std::min(pattern.NumberOfCapturingGroups(), kMostGroups);
  if (call.kind(i) == Kind::text) {
    const std::string& name = call.constant_text(i, "a group's name");
    const auto found = pattern.NamedCapturingGroups().find(name);
    if (found != pattern.NamedCapturingGroups().end() && found->second <= kMostGroups) return found->second;
    call.unexpected_word(i, "the name of a group of the pattern", "name it in the pattern: (?P<" + name + ">…)");
  }
  return static_cast<int>(call.constant_integer(i, 0, groups, "a group's number from 0 to " + std::to_string(groups)));
}

OperationPointer make_regexp_extract(Call& call) {
  const Pattern pattern = pattern_at(call, 1, options_at(call, 3, "ics"));
  const int group = group_at(call, 2, *pattern);
  return rowwise<View, View>(kText, call.text(0), {}, [pattern, group](View text, View& result, Frame&) {
    std::array<re2::StringPiece, kMostGroups + 1> found;
    if (pattern->Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), group + 1))
      result = view(found[static_cast<std::size_t>(group)]);
    return true;
  });
}

// A replacement, cut at its \0 to \9.
class Template {
 public:
  struct Part {
    int group = -1;  // -1: the text
    std::string text = {};
  };

  // Throws Mistake at argument i.
  Template(const Call& call, std::size_t i, const RE2& pattern) {
    const std::string& text = call.constant_text(i, "a replacement in quotes");
    const auto wrong = [&](std::string found) {
      Compiler::mistake(call.syntax(i), "expected a replacement " + call.where() + ", found " + std::move(found),
                        "\\1 is the pattern's first group, \\\\ a backslash");
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool escape = text[at] == '\\';
      if (escape) ++at;
      const char letter = at < text.size() ? text[at] : '\0';
      if (escape && letter >= '0' && letter <= '9') {
        parts_.push_back({.group = letter - '0'});
        groups_ = std::max(groups_, parts_.back().group);
        if (groups_ > pattern.NumberOfCapturingGroups())
          wrong("\\" + std::string(1, letter) + ", a group that the pattern does not have");
        continue;
      }
      if (escape && letter != '\\') wrong("a backslash before no digit");
      if (parts_.empty() || parts_.back().group >= 0) parts_.emplace_back();
      parts_.back().text += letter;
    }
  }
  int groups() const { return groups_; }
  // Bytes that it takes for a match.
  template <class Groups>
  std::size_t size(const Groups& groups) const {
    std::size_t size = 0;
    for (const Part& part : parts_)
      size += part.group < 0 ? part.text.size() : groups[static_cast<std::size_t>(part.group)].size();
    return size;
  }
  template <class Groups>
  void put(Pen& pen, const Groups& groups) const {
    for (const Part& part : parts_)
      pen.put(part.group < 0 ? View(part.text) : view(groups[static_cast<std::size_t>(part.group)]));
  }

 private:
  std::vector<Part> parts_;
  int groups_ = 0;
};

class Replace {
 public:
  Replace(Pattern pattern, Template with, bool all) : pattern_(std::move(pattern)), with_(std::move(with)), all_(all) {}

  // Twice over the matches: what they take is counted, then written.
  bool operator()(View text, View& result, Frame& frame) const {
    std::size_t size = text.size(), count = 0;
    each(text, [&](const Groups& groups) {
      size += with_.size(groups);
      ++count;
      return size <= kLongestText;
    });
    if (size > kLongestText) return false;
    if (count == 0) {
      result = text;
      return true;
    }
    Pen pen(frame, size);
    const char* at = text.data();
    each(text, [&](const Groups& groups) {
      pen.put({at, static_cast<std::size_t>(groups[0].data() - at)});
      with_.put(pen, groups);
      at = groups[0].data() + groups[0].size();
      return true;
    });
    pen.put({at, static_cast<std::size_t>(text.data() + text.size() - at)});
    result = pen.done();
    return true;
  }

 private:
  using Groups = std::array<re2::StringPiece, 10>;

  // Calls body with the groups of each match, until it gives false. An empty match right behind another does not count.
  template <class Body>
  void each(View text, Body body) const {
    Groups groups;
    std::size_t at = 0;
    const char* last = nullptr;
    while (at <= text.size() &&
           pattern_->Match(piece(text), at, text.size(), RE2::UNANCHORED, groups.data(), with_.groups() + 1)) {
      const std::size_t begin = static_cast<std::size_t>(groups[0].data() - text.data());
      const std::size_t end = begin + groups[0].size();
      if (begin == end && groups[0].data() == last) {
        at = at < text.size() ? skip_characters(text, at, 1) : at + 1;
        continue;
      }
      if (!body(groups) || !all_) return;
      last = text.data() + end;
      at = end;
    }
  }

  Pattern pattern_;
  Template with_;
  bool all_;
};

OperationPointer make_regexp_replace(Call& call) {
  const Options options = options_at(call, 3, "gics");
  Pattern pattern = pattern_at(call, 1, options);
  Template with(call, 2, *pattern);
  return rowwise<View, View>(kText, call.text(0), call.fault(kTooLong),
                             Replace(std::move(pattern), std::move(with), options.global));
}

}  // namespace

std::span<const Function> regexp_functions() {
  static const std::vector<Function> kFunctions = {
      {"regexp_extract",
       "text, pattern [, group [, options]]",
       "What the pattern first matches, or a group of it, by number or name; empty if it matches nothing.",
       {{"regexp_extract('order 4711 of May', '[0-9]+')", "'4711'"},
        {"regexp_extract('2024-05-17', '(\\d+)-(\\d+)', 2)", "'05'"},
        {"regexp_extract('ada@example.org', '@(?P<host>.*)', 'host')", "'example.org'"},
        {"regexp_extract('none', '[0-9]+')", "''"}},
       make_regexp_extract},
      {"regexp_full_match",
       "text, pattern [, options]",
       "Whether the pattern matches the whole text.",
       {{"regexp_full_match('4711', '[0-9]+')", "true"}, {"regexp_full_match('4711 a', '[0-9]+')", "false"}},
       make_full_match},
      {"regexp_matches",
       "text, pattern [, options]",
       "Whether the pattern matches anywhere in the text. Patterns are RE2's, without back references; they stand in "
       "quotes and are compiled once. Options: i any case of letters, c exact, s lets . match line ends.",
       {{"regexp_matches('order 4711', '\\d{4}')", "true"}, {"regexp_matches('ABC', 'b', 'i')", "true"}},
       make_matches},
      {"regexp_replace",
       "text, pattern, with [, options]",
       "The text with the first match replaced, with the option g every one; \\1 to \\9 are the pattern's groups, \\0 "
       "all of "
       "it.",
       {{"regexp_replace('a  b   c', ' +', ' ', 'g')", "'a b c'"},
        {"regexp_replace('17.05.2024', '(\\d+)\\.(\\d+)\\.(\\d+)', '\\3-\\2-\\1')", "'2024-05-17'"}},
       make_regexp_replace}};
  return kFunctions;
}

}  // namespace weir::expr
