// The usual mistakes, found by a rough scan of quotes and brackets up to the place of the failure.
#include "manifest/yaml_failure.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "manifest/grow.hpp"

namespace weir::manifest {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What a scan finds: brackets that are open at its end, and the last `${` without quotes inside brackets.
struct Scan {
  std::vector<std::size_t> open;
  std::size_t interpolation = kNone;
};

// The end of a quoted stretch that begins at `at`.
std::size_t past_quotes(std::string_view text, std::size_t at, std::size_t end) {
  const char quote = text[at++];
  for (; at < end && text[at] != quote; ++at) {
    if (text[at] == '\\' && quote == '"') ++at;
  }
  return at;
}

Scan scan(std::string_view text, std::size_t begin, std::size_t end) {
  Scan result;
  end = std::min(end, text.size());
  for (std::size_t at = begin; at < end; ++at) {
    const char letter = text[at];
    const bool first = at == begin || std::string_view(" \t\n,:[{").find(text[at - 1]) != kNone;
    const bool flow = !result.open.empty();
    if (first && (letter == '"' || letter == '\'')) {
      at = past_quotes(text, at, end);
    } else if (first && letter == '#') {
      at = std::min(text.find('\n', at), end);
    } else if (flow && letter == '$' && text.substr(at, 2) == "${") {
      result.interpolation = at++;
    } else if ((first || flow) && (letter == '{' || letter == '[')) {
      result.open.push_back(at);
    } else if (flow && (letter == '}' || letter == ']')) {
      result.open.pop_back();
    }
  }
  return result;
}

std::size_t line_start(std::string_view text, std::size_t offset) {
  const std::size_t before = offset == 0 ? kNone : text.rfind('\n', offset - 1);
  return before == kNone ? 0 : before + 1;
}

// A ${...} inside braces ends the braces for YAML; the failure is then on its line, or much later.
std::size_t find_interpolation(std::string_view text, std::size_t offset, const Scan& all) {
  for (const std::size_t near : {offset, offset - std::min<std::size_t>(offset, 1)}) {
    const std::size_t start = line_start(text, near);
    const Scan line = scan(text, start, std::min(near + 2, text.size()));
    if (line.interpolation != kNone) return line.interpolation;
  }
  return all.open.empty() ? kNone : all.interpolation;
}

// Where a value on the line of `offset` begins with a sign that YAML keeps for itself.
std::size_t unquoted_sign(std::string_view text, std::size_t offset) {
  const std::size_t start = line_start(text, std::min(offset, text.size()));
  const std::size_t end = std::min(text.find('\n', start), text.size());
  for (std::size_t at = start; at < end; ++at) {
    const bool value = at > start + 1 && text[at - 1] == ' ' && std::string_view(":-,[{").find(text[at - 2]) != kNone;
    if (value && (text[at] == '"' || text[at] == '\''))
      at = past_quotes(text, at, end);
    else if (value && std::string_view("*&!%@`").find(text[at]) != kNone)
      return at;
  }
  return kNone;
}

}  // namespace

base::Error explain_failure(const std::shared_ptr<const Source>& source, std::size_t offset, const std::string& words) {
  const std::string_view text = source->text();
  offset = std::min(offset, text.size());
  const Scan all = scan(text, 0, offset);
  if (const std::size_t found = find_interpolation(text, offset, all); found != kNone) {
    const std::size_t end = std::min(text.find_first_of("}\n", found), text.size());
    return syntax_error({source, found, end - found + 1},
                        "expected quotes around a text with ${...} inside braces or brackets, found none",
                        "write \"" + std::string(text.substr(found, end - found)) + "}…\" in double quotes");
  }
  const std::size_t start = line_start(text, offset);
  if (start < text.size() && text[start] == '\t') {
    return syntax_error({source, start, 1}, "expected spaces at the start of a line, found a tab",
                        "YAML is indented with spaces");
  }
  if (!all.open.empty() && words.find("flow not found") != std::string::npos) {
    const std::size_t opening = all.open.back();
    const char closing = text[opening] == '{' ? '}' : ']';
    const std::string found = offset >= text.size()
                                  ? "the end of the file"
                                  : "something else in line " + std::to_string(source->place(offset, 1).line);
    return syntax_error(
        {source, opening, 1},
        std::string("expected '") + closing + "' for this '" + text[opening] + "', found " + found,
        std::string("write the ") + closing + ", or put texts in quotes that hold , : # quotes or brackets");
  }
  if (words == "illegal map value") {
    return syntax_error({source, offset, 1},
                        "expected one 'key: value' on a line, found a second ':' or another indentation",
                        "put a text that holds ': ' in quotes");
  }
  if (const std::size_t sign = unquoted_sign(text, offset); sign != kNone) {
    const std::string letter(1, text[sign]);
    return syntax_error({source, sign, 1}, "expected quotes around a text that begins with " + letter + ", found none",
                        "write it in quotes: \"" + letter + "…\"; YAML keeps this sign for itself");
  }
  if (words.starts_with("unknown escape character")) {
    return syntax_error({source, offset, 1}, "expected an escape that YAML knows behind the backslash, found another",
                        "write the text in single quotes, where a backslash is plain text, or double the backslash");
  }
  return syntax_error({source, offset, 1}, "expected YAML, found a mistake: " + words,
                      "put texts in quotes that hold more than letters, digits and blanks");
}

}  // namespace weir::manifest
