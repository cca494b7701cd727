#include "place.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <vector>

namespace weir::sqlite {
namespace {

constexpr std::array<std::string_view, 15> kChanging = {
    "random",    "randomblob",  "current_date", "current_time",  "current_timestamp", "now",
    "localtime", "unixepoch()", "changes",      "total_changes", "last_insert_rowid", "date()",
    "time()",    "datetime()",  "julianday()"};

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// The words of the text in small letters; of a call without arguments with its parentheses, for then it may ask for the time.
std::set<std::string> words_of(std::string_view sql) {
  std::string text;
  for (const char c : sql) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  std::set<std::string> words;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = std::find_if_not(begin, text.end(), in_word);
    if (end == begin) continue;
    const std::string word(begin, end);
    words.insert(word);
    at += word.size();
    const std::size_t open = text.find_first_not_of(" \t\r\n\f", at);
    if (open == std::string::npos || text[open] != '(') continue;
    const std::size_t close = text.find_first_not_of(" \t\r\n\f", open + 1);
    if (close != std::string::npos && text[close] == ')') words.insert(word + "()");
  }
  return words;
}

std::string smaller(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

Failure changes_by_itself(const std::string& view, const Wanted& wanted) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE,
                 "view '" + view +
                     "': expected one that gives the same rows again, found one that asks for the time or for chance")
      .object(view)
      .option(wanted.option())
      .hint(
          "look at what has been loaded, then run with --fresh, and with checkpoint: { every: 1d } to have one epoch");
}

bool read_number(std::string_view text, std::int64_t& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

}  // namespace

std::string Place::text() const {
  return std::to_string(rows) + " " + (rowid ? "rowid " + std::to_string(*rowid) : sqlite3_libversion());
}

Place place_in(std::string_view text, const Wanted& wanted) {
  Place place;
  if (text.empty()) return place;
  const std::size_t blank = std::min(text.find(' '), text.size());
  const std::string_view behind = text.substr(std::min(blank + 1, text.size()));
  std::int64_t rowid = 0;
  const bool by_rowid = behind.starts_with("rowid ") && read_number(behind.substr(6), rowid);
  if (by_rowid) place.rowid = rowid;
  if (!read_number(text.substr(0, blank), place.rows) || place.rows < 0 || behind.empty())
    throw Failure(WEIR_INTERNAL, WEIR_FAULT_UNKNOWN, "expected a position that this reader told, found another text");
  if (by_rowid || behind == sqlite3_libversion()) return place;
  throw Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE,
                "'" + wanted.database + "': expected SQLite " + std::string(behind) +
                    ", by which the rows before were read, found " + sqlite3_libversion() +
                    ", which may give them in another order")
      .object(wanted.database)
      .option(wanted.option())
      .hint("look at what has been loaded, then run with --fresh");
}

bool gives_the_same_again(std::string_view sql) {
  const auto words = words_of(sql);
  return std::none_of(kChanging.begin(), kChanging.end(),
                      [&words](std::string_view word) { return words.contains(std::string(word)); });
}

void check_repeats(const Database& database, const Wanted& wanted) {
  std::vector<std::pair<std::string, std::string>> views;
  Statement all(database, "SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'");
  while (all.next()) views.emplace_back(smaller(all.text(0)), all.text(1));
  std::string reads = smaller(wanted.query + " " + wanted.table);
  // A view may read others: as often as there are some.
  for (std::size_t pass = 0; pass < views.size(); ++pass) {
    for (auto& [name, sql] : views) {
      if (name.empty() || reads.find(name) == std::string::npos) continue;
      if (!gives_the_same_again(sql)) throw changes_by_itself(name, wanted);
      reads += " " + smaller(sql);
      name.clear();
    }
  }
}

}  // namespace weir::sqlite
