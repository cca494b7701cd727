#include "head.hpp"

#include <algorithm>

#include "scanned.hpp"

namespace weir::csv {
namespace {

// True if nothing stands in the line.
bool is_blank(std::string_view line, const Dialect& dialect) {
  return line.find_first_not_of(dialect.trim ? " \t\r" : "\r") == std::string_view::npos;
}

}  // namespace

std::size_t behind_lines(std::string_view text, std::size_t from, std::size_t count) {
  for (; count > 0 && from != std::string_view::npos; --count) {
    const std::size_t newline = text.find('\n', from);
    from = newline == std::string_view::npos ? newline : newline + 1;
  }
  return from;
}

char separator_line(std::string_view text, std::size_t& from) {
  const std::string_view line = text.substr(from, 7);
  const bool ends = line.size() > 5 && (line[5] == '\n' || line.substr(5) == "\r\n");
  const bool named = ends && (line.starts_with("sep=") || line.starts_with("SEP=")) && line[4] > 0 && line[4] != '"';
  if (!named) return 0;
  from += line[5] == '\n' ? 6U : 7U;
  return line[4];
}

std::size_t first_record(std::string_view text, const Lexer& lexer, std::size_t& begin) {
  std::uint64_t state = 0;
  for (std::size_t at = begin; at < text.size();) {
    const std::size_t newline = text.find('\n', at);
    if (newline == std::string_view::npos) return 0;
    if (lexer.last_record_end(text.substr(at, newline + 1 - at), state) != 0) {
      const std::string_view line = text.substr(begin, newline - begin);
      const bool comment = lexer.dialect().comment != 0 && line.starts_with(lexer.dialect().comment);
      if (!comment && !is_blank(line, lexer.dialect())) return newline + 1;
      begin = newline + 1;
    }
    at = newline + 1;
  }
  return 0;
}

std::vector<std::string> fields_of(const Lexer& lexer, std::string_view record, std::int64_t offset) {
  Workspace workspace;
  const Chunk chunk = scan_records(lexer, record, {}, offset, workspace);
  if (!record.empty()) find_records(chunk, std::max<std::size_t>(chunk.fields(), 1));
  std::string scratch;
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < chunk.fields(); ++i) {
    fields.emplace_back(text_of(chunk, chunk.field(i, i + 1 == chunk.fields()), scratch));
  }
  return fields;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace weir::csv
