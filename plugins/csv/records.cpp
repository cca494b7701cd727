// Records: the checks between the two passes, and the texts of fields.
#include "records.hpp"

#include <cstring>

#include <weir/cpp/quoted.hpp>
#include <weir/cpp/utf8.hpp>

namespace weir::csv {
namespace {

Failure bad_data(std::string message, std::int64_t offset) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, std::move(message)).offset(offset);
}

Failure never_closed(std::int64_t offset) {
  return bad_data("expected a closing quote, found the end of the file: the quote that opens here is never closed",
                  offset)
      .hint("double a quote inside a quoted field (\"\"), or set `quote` if quotes are plain text here");
}

// `before`: the text in the quotes.
Failure behind_quote(std::string_view before, std::string_view found, std::int64_t offset) {
  return bad_data("expected a delimiter or the line's end behind a closing quote, found " + quoted_for_message(found),
                  offset)
      .hint(before.ends_with('\\') ? "are quotes escaped by a backslash? then say escape: \"\\\\\""
                                   : "double a quote inside a quoted field (\"\")");
}

void check_utf8(std::string_view text, std::int64_t offset) {
  const std::size_t at = invalid_utf8(text);
  if (at == std::string_view::npos) return;
  static constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::string found = {kHex[byte >> 4U], kHex[byte & 15U]};
  throw bad_data("expected UTF-8 text, found the byte " + found + " (utf-8 never has it there)",
                 offset + static_cast<std::int64_t>(at))
      .hint("the file is in another encoding: say which, mostly encoding: windows-1252");
}

// What rewriting found: a quote that is not closed, something behind one that is.
void check_rewritten(const Rewritten& rewritten, std::string_view original, std::int64_t offset) {
  if (rewritten.behind < rewritten.open) {
    const std::string_view rest = original.substr(rewritten.behind);
    throw behind_quote({}, rest.substr(0, rest.find('\n')), offset + static_cast<std::int64_t>(rewritten.behind));
  }
  if (rewritten.open != Rewritten::kNothing) throw never_closed(offset + static_cast<std::int64_t>(rewritten.open));
}

void check_bytes(const Chunk& chunk) {
  if (chunk.rewritten != nullptr) {
    check_utf8(chunk.original, chunk.base);
    return check_rewritten(*chunk.rewritten, chunk.original, chunk.base);
  }
  if (chunk.scan.high) check_utf8(chunk.bytes, chunk.base);
  if (chunk.scan.state == State::quoted) throw never_closed(chunk.base + chunk.begin_of(chunk.scan.count - 1));
}

// True if every record has `width` fields: then the newlines are where they belong, and nowhere else.
bool is_regular(const Chunk& chunk, std::size_t width) {
  const Scan& scan = chunk.scan;
  if (chunk.fields() != scan.newlines * width) return false;
  const std::uint32_t* index = scan.index.data();
  const std::size_t last = chunk.fields();
  std::size_t wrong = 0;
  for (std::size_t i = width; i < last; i += width) wrong += chunk.bytes[index[i] - 1] != '\n' ? 1U : 0U;
  return wrong == 0 && chunk.ends_record(last - 1);
}

}  // namespace

std::string fields_in_words(std::size_t count) { return std::to_string(count) + (count == 1 ? " field" : " fields"); }

std::string_view Chunk::record(std::size_t i, std::size_t fields) const {
  if (rewritten != nullptr) {
    const Rewritten::Record& found = rewritten->record_at(begin_of(i));
    const std::string_view record = original.substr(found.begin, found.end - found.begin);
    return record.substr(0, record.size() - (record.ends_with('\r') ? 1 : 0));
  }
  const std::string_view last = field(i + fields - 1, true);
  const std::uint32_t begin = begin_of(i);
  return bytes.substr(begin, static_cast<std::size_t>(last.data() + last.size() - bytes.data()) - begin);
}

Records find_records(const Chunk& chunk, std::size_t width) {
  check_bytes(chunk);
  Records records;
  if (chunk.fields() == 0) return records;
  // With more columns a regular chunk may not hold a blank line: it would be a record of one field.
  if (is_regular(chunk, width)) {
    records.runs.push_back({0, chunk.fields() / width});
    return records;
  }
  std::vector<Run>& runs = records.runs;
  std::size_t first = 0;
  for (std::size_t i = 0; i < chunk.fields(); ++i) {
    if (!chunk.ends_record(i)) continue;
    const std::size_t found = i + 1 - first;
    const bool blank = found == 1 && chunk.field(first, true).empty() && width > 1;
    if (!blank && found != width) {
      records.ragged.push_back({first, found});
    } else if (!blank) {
      const bool goes_on = !runs.empty() && runs.back().first_field + runs.back().rows * width == first;
      if (goes_on)
        ++runs.back().rows;
      else
        runs.push_back({first, 1});
    }
    first = i + 1;
  }
  return records;
}

char* unquote(char* to, std::string_view field, char quote, std::int64_t offset) {
  const char* at = field.data() + 1;
  const char* const end = field.data() + field.size();
  for (;;) {
    const auto* found = static_cast<const char*>(std::memchr(at, quote, static_cast<std::size_t>(end - at)));
    if (found == nullptr) {  // can't be: the scan found the field's end outside quotes
      throw bad_data("expected a closing quote, found none", offset);
    }
    const auto length = static_cast<std::size_t>(found - at);
    std::memcpy(to, at, length);
    to += length;
    if (found + 1 == end) return to;
    if (found[1] != quote) {
      throw behind_quote({at, length}, {found + 1, static_cast<std::size_t>(end - found - 1)},
                         offset + (found + 1 - field.data()));
    }
    *to++ = quote;
    at = found + 2;
  }
}

std::string_view text_of(const Chunk& chunk, std::string_view field, std::string& scratch) {
  if (field.empty() || field[0] != chunk.marks.quote) return field;
  scratch.resize(field.size());
  const std::int64_t offset = chunk.base + (field.data() - chunk.bytes.data());
  const char* end = unquote(scratch.data(), field, chunk.marks.quote, offset);
  return std::string_view(scratch.data(), static_cast<std::size_t>(end - scratch.data()));
}

}  // namespace weir::csv
