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

void check_bytes(const Chunk& chunk) {
  if (chunk.scan.high) {
    const std::size_t at = invalid_utf8(chunk.bytes);
    if (at != std::string_view::npos) {
      static constexpr char kHex[] = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(chunk.bytes[at]);
      std::string found = {kHex[byte >> 4U], kHex[byte & 15U]};
      throw bad_data("expected UTF-8 text, found the byte " + found + " (utf-8 never has it there)",
                     chunk.base + static_cast<std::int64_t>(at))
          .hint("the file is in another encoding: convert it to UTF-8 first (iconv -f ENCODING -t UTF-8)");
    }
  }
  if (chunk.scan.state == State::quoted) {
    const std::uint32_t at = chunk.begin_of(chunk.scan.count - 1);
    throw bad_data("expected a closing quote, found the end of the file: the quote that opens here is never closed",
                   chunk.base + at)
        .hint("double a quote inside a quoted field (\"\"), or set `quote` if quotes are plain text here");
  }
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

std::string fields_in_words(std::size_t count) { return std::to_string(count) + (count == 1 ? " field" : " fields"); }

}  // namespace

std::vector<Run> find_runs(const Chunk& chunk, std::size_t width) {
  check_bytes(chunk);
  if (chunk.fields() == 0) return {};
  if (is_regular(chunk, width) && width == 1) return {{0, chunk.fields()}};
  // With more columns a regular chunk may not hold a blank line: it would be a record of one field.
  if (width > 1 && is_regular(chunk, width)) return {{0, chunk.fields() / width}};
  std::vector<Run> runs;
  std::size_t first = 0;
  for (std::size_t i = 0; i < chunk.fields(); ++i) {
    if (!chunk.ends_record(i)) continue;
    const std::size_t found = i + 1 - first;
    const bool blank = found == 1 && chunk.field(first, true).empty() && width > 1;
    if (!blank) {
      if (found != width) {
        throw bad_data("expected " + fields_in_words(width) + ", found " + std::to_string(found),
                       chunk.base + chunk.begin_of(first))
            .hint("a field that holds the delimiter or a line break must be in quotes");
      }
      const bool goes_on = !runs.empty() && runs.back().first_field + runs.back().rows * width == first;
      if (goes_on)
        ++runs.back().rows;
      else
        runs.push_back({first, 1});
    }
    first = i + 1;
  }
  return runs;
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
      throw bad_data("expected a delimiter or the line's end behind a closing quote, found " +
                         quoted_for_message({found + 1, static_cast<std::size_t>(end - found - 1)}),
                     offset + (found + 1 - field.data()))
          .hint("double a quote inside a quoted field (\"\")");
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
