#include "manifest/env_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "manifest/diagnostics.hpp"

namespace weir::manifest {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
constexpr std::string_view kBlank = " \t";

class EnvParser {
 public:
  explicit EnvParser(const Source& source) : source_(source), text_(source.text()) {}

  base::Result<std::map<std::string, std::string>> parse() {
    while (at_ < text_.size()) {
      parse_line();
      at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
    }
    if (!errors_.empty()) return base::unexpected(joined(std::move(errors_)));
    return std::move(variables_);
  }

 private:
  void fail(std::size_t offset, std::string message, std::string hint) {
    base::Place place = source_.place(offset, 1);
    place.source_line.clear();  // may hold a secret
    errors_.push_back(
        base::manifest_error("env.syntax", std::move(message), std::move(place)).with_hint(std::move(hint)));
  }

  std::size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size()); }
  bool at_end_of_line() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  void parse_line() {
    skip_blanks();
    if (at_end_of_line() || text_[at_] == '#') return;
    if (text_.substr(at_).starts_with("export ") || text_.substr(at_).starts_with("export\t")) {
      at_ += 7;
      skip_blanks();
    }
    const std::size_t begin = at_;
    const std::size_t equals = text_.find('=', at_);
    if (equals >= line_end()) return fail(begin, "expected NAME=value, found no '='", "begin a comment with #");
    const std::string name(text_.substr(begin, equals - begin));
    const bool fits = !name.empty() && kLetters.find(name[0]) != std::string_view::npos &&
                      name.find_first_not_of(std::string(kLetters) + "0123456789") == std::string::npos;
    if (!fits) return fail(begin, "expected a name of letters, digits and '_' before '='", "write NAME=value");
    at_ = equals + 1;
    auto value = parse_value();
    if (!value) return;
    const auto [entry, fresh] = lines_.try_emplace(name, source_.place(begin, 1).line);
    if (!fresh) {
      return fail(begin, "variable '" + name + "' is given twice",
                  "first given in line " + std::to_string(entry->second));
    }
    variables_[name] = std::move(*value);
  }

  std::optional<std::string> parse_value() {
    skip_blanks();
    if (at_end_of_line()) return std::string();
    const char quote = text_[at_];
    if (quote == '\'' || quote == '"') return parse_quoted(quote);
    const std::string_view rest = text_.substr(at_, line_end() - at_);
    std::size_t end = rest.size();
    for (std::size_t hash = rest.find('#'); hash != std::string_view::npos; hash = rest.find('#', hash + 1)) {
      if (hash == 0 || kBlank.find(rest[hash - 1]) == std::string_view::npos) continue;
      end = hash;
      break;
    }
    const std::size_t last = rest.substr(0, end).find_last_not_of(" \t\r");
    return std::string(rest.substr(0, last == std::string_view::npos ? 0 : last + 1));
  }

  std::optional<std::string> parse_quoted(char quote) {
    const std::size_t open = at_;
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (quote == '"' && text_[at_] == '\\') {
        const auto letter = escape();
        if (!letter) return std::nullopt;
        value += *letter;
      } else {
        value += text_[at_];
      }
    }
    if (at_ >= text_.size()) {
      fail(open, "expected a closing quote, found the end of the file: the quote that opens here is never closed",
           "close it, or put a value with quotes into quotes of the other kind");
      return std::nullopt;
    }
    ++at_;
    skip_blanks();
    if (at_end_of_line() || text_[at_] == '#') return value;
    fail(at_, "expected the end of the line after the closing quote, found more", "put all of the value into quotes");
    return std::nullopt;
  }

  // Takes the letter behind a backslash.
  std::optional<char> escape() {
    ++at_;
    static constexpr std::string_view kWritten = "nrt\\\"$";
    static constexpr std::string_view kMeant = "\n\r\t\\\"$";
    const std::size_t found = at_ < text_.size() ? kWritten.find(text_[at_]) : std::string_view::npos;
    if (found != std::string_view::npos) return kMeant[found];
    fail(at_ - 1, "expected \\n, \\r, \\t, \\\\, \\\" or \\$ in double quotes, found another escape",
         "double the backslash, or use single quotes");
    return std::nullopt;
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::map<std::string, std::string> variables_;
  std::map<std::string, std::uint64_t> lines_;
  std::vector<base::Error> errors_;
};

}  // namespace

base::Result<std::map<std::string, std::string>> parse_env(base::Result<std::shared_ptr<const Source>> source) {
  if (source) return EnvParser(**source).parse();
  base::Error error = std::move(source).error();
  error.place.source_line.clear();
  return base::unexpected(
      std::move(error).with_hint("an env file is plain text in UTF-8, with a line NAME=value for each"));
}

base::Result<std::map<std::string, std::string>> read_env(const std::string& file) {
  return parse_env(read_source(file));
}

}  // namespace weir::manifest
