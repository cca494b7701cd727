#include "listed.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <weir/cpp/suggest.hpp>
#include <weir/weir.hpp>

namespace weir::validate {
namespace {

constexpr std::size_t kMostBytes = 64U << 20U;

Failure wrong_list(std::string message, const std::string& option, std::string hint = {}) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).hint(std::move(hint)).option(option);
}

std::string read(const std::string& path, const std::string& option) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  constexpr std::size_t kStep = 1U << 16U;
  while (stream && text.size() <= kMostBytes) {
    const std::size_t had = text.size();
    text.resize(had + kStep);
    stream.read(text.data() + had, kStep);
    text.resize(had + static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof() && text.size() <= kMostBytes) {
    throw wrong_list("expected to read " + shown_file(path) + ", found: " + std::strerror(errno), option);
  }
  if (text.size() > kMostBytes) {
    throw wrong_list("expected a list of at most 64 MiB, found more in " + shown_file(path), option,
                     "let the destination's foreign key refuse what is not in so long a list");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

// The fields of a CSV text, record by record.
class Records {
 public:
  explicit Records(std::string_view text) : text_(text) {}
  std::uint64_t line() const { return line_; }

  // Reads the next record that is not blank into `fields`. False: there is none. *open: it ends within quotes.
  bool next(std::vector<std::string>& fields, bool& open) {
    do {
      if (at_ >= text_.size()) return false;
      line_ = next_line_;
      fields.clear();
      while (field(fields, open)) {
      }
    } while (fields.size() == 1 && fields.front().empty());
    return true;
  }

 private:
  // Takes one field, and what ends it. True: the record goes on.
  bool field(std::vector<std::string>& fields, bool& open) {
    std::string& made = fields.emplace_back();
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char byte = text_[at_];
      if (byte == '\n') ++next_line_;
      if (quoted && byte == '"' && text_.substr(at_ + 1).starts_with('"')) {
        made += text_[++at_];
      } else if (byte == '"') {
        quoted = !quoted;
      } else if (!quoted && (byte == ',' || byte == '\n')) {
        ++at_;
        if (byte == '\n' && made.ends_with('\r')) made.pop_back();
        return byte == ',';
      } else {
        made += byte;
      }
    }
    open = quoted;
    if (made.ends_with('\r')) made.pop_back();
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1, next_line_ = 1;
};

std::vector<ListedValue> lines_of(std::string_view text) {
  std::vector<ListedValue> values;
  for (std::uint64_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view one = text.substr(0, end);
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (!one.empty()) values.push_back({std::string(one), line});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

}  // namespace

std::string shown_file(const std::string& path) { return "'" + std::filesystem::path(path).filename().string() + "'"; }

std::vector<ListedValue> listed_values(const std::string& path, std::string_view column, const std::string& option,
                                       const std::string& column_option) {
  const std::string text = read(path, option);
  if (column.empty()) return lines_of(text);
  Records records(text);
  std::vector<std::string> fields;
  bool open = false;
  records.next(fields, open);
  std::size_t at = 0;
  while (at < fields.size() && fields[at] != column) ++at;
  if (at == fields.size()) {
    const std::vector<std::string_view> names(fields.begin(), fields.end());
    throw wrong_list("no column '" + std::string(column) + "' in " + shown_file(path), column_option,
                     name_hint(column, names, "columns"));
  }
  std::vector<ListedValue> values;
  while (!open && records.next(fields, open)) {
    if (at < fields.size() && !fields[at].empty()) values.push_back({std::move(fields[at]), records.line()});
  }
  if (open) {
    throw wrong_list("expected a quote that ends the field, found the end of " + shown_file(path), option,
                     "a record that begins in line " + std::to_string(records.line()) + " opens it");
  }
  return values;
}

}  // namespace weir::validate
