#include "following.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <weir/cpp/drift.hpp>
#include <weir/cpp/quoted.hpp>

#include "encoding.hpp"
#include "head.hpp"
#include "options.hpp"

namespace weir::csv {
namespace {

using Names = std::vector<std::string>;

Failure unfit(std::string message, std::string hint) {
  return Failure(WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION, std::move(message)).hint(std::move(hint));
}

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Those of `names` that are not among `others`.
Names beyond(const Names& names, const Names& others) {
  Names more;
  std::copy_if(names.begin(), names.end(), std::back_inserter(more),
               [&](const std::string& name) { return !holds(others, name); });
  return more;
}

// The head as UTF-8. Throws where rows would be encoded otherwise, or their lines end otherwise.
std::string text_of_head(const Context& context, std::string_view head) {
  const std::string encoding = encoding_of(context.config());
  const bool little = head.starts_with("\xFF\xFE"), big = head.starts_with("\xFE\xFF");
  if (encoding == "utf-16" && !little) {
    throw unfit("expected UTF-16 that begins with its little-endian mark, found none",
                "say which it is: encoding: utf-16le, or utf-16be");
  }
  if (!needs_decoder(context.config(), head)) return std::string(head);
  if (encoding == "auto" && (little || big)) {
    throw unfit("expected UTF-8 text, found UTF-16", std::string("say so: encoding: ") + (big ? "utf-16be" : "utf-16"));
  }
  if (encoding == "auto" || encoding == "utf-8" || encoding == "utf8") {
    throw unfit("expected lines that end with LF or CR LF, found lines that end with CR alone",
                "write to another file");
  }
  Decoder decoder(context, false);
  std::string text;
  std::array<std::uint8_t, 4096> part{};
  constexpr std::size_t kLooked = 4096;  // the decoder wants that much, or the end
  const bool whole = head.size() < kLooked;
  for (;;) {
    const Codec::Step step = decoder.step(head, whole, part);
    text.append(reinterpret_cast<const char*>(part.data()), step.produced);
    head.remove_prefix(step.consumed);
    if (step.done || (step.consumed == 0 && step.produced == 0)) return text;
  }
}

// The fields of the first record that counts, in the dialect; npos lines or none: no names.
Names first_fields(std::string_view text, std::size_t from, const Options& options, const Dialect& dialect) {
  std::size_t begin = behind_lines(text, from, options.skip);
  if (begin == std::string_view::npos) return {};
  separator_line(text, begin);
  const Lexer lexer(dialect);
  std::size_t end = first_record(text, lexer, begin);
  if (end == 0) end = text.size();
  return fields_of(lexer, text.substr(begin, end - begin), static_cast<std::int64_t>(begin));
}

std::string hint_of(const Names& rows, const Names& file) {
  const Names more = beyond(rows, file), fewer = beyond(file, rows);
  if (more.empty() && fewer.empty() && rows.size() == file.size())
    return "put them in the file's order with select: " + listed(file);
  std::string hint;
  if (!more.empty()) hint += "the file lacks " + listed(more) + "; ";
  if (!fewer.empty()) hint += "the rows lack " + listed(fewer) + "; ";
  if (more.size() == rows.size() && rows.size() == file.size())
    return hint + "if its first line is no header, say header: false";
  return hint + "make them the same with select or rename, or write to another file";
}

}  // namespace

void Following::fits(const Context& context, const ArrowSchema& input, std::string_view head) {
  const Options options = read_options(context.config());
  const std::string text = text_of_head(context, head);
  const std::size_t from = byte_order_mark(text);
  Names rows = options.columns;
  for (std::int64_t i = 0; rows.size() < static_cast<std::size_t>(input.n_children); ++i)
    rows.emplace_back(input.children[i]->name == nullptr ? "" : input.children[i]->name);
  const ColumnDrift policy = DriftPolicy::read(context.config()).columns;
  const bool drifts = policy != ColumnDrift::unsaid && policy != ColumnDrift::freeze;
  const bool named = options.header || !context.config().has("/header");
  const auto fit = [&](const Names& file) { return named ? file == rows : file.size() == rows.size(); };
  const Names file = first_fields(text, from, options, options.dialect);
  if (fit(file)) return;
  Dialect found = options.dialect;
  if (options.find_delimiter)
    found.marks.delimiter = find_delimiter(text, head.size() == text.size(), found, options.numbers.decimal);
  const Names divided = first_fields(text, from, options, found);
  if (fit(divided)) {
    const std::string mark = found.marks.delimiter == '\t' ? "tab" : std::string(1, found.marks.delimiter);
    throw unfit("expected fields divided by comma, as rows are written, found '" + mark + "'",
                "write as the file is: format: { use: csv, delimiter: \"" + mark + "\" }");
  }
  if (!named) {
    throw unfit("expected lines of " + std::to_string(rows.size()) + " fields, as the rows are, found " +
                    std::to_string(divided.size()),
                "choose the columns with select, or write to another file");
  }
  throw unfit("expected the columns of the rows, " + listed(rows) + ", found " + quoted_for_message(listed(divided)),
              (drifts ? "a file of csv keeps its columns, whatever drift: says: " : "") + hint_of(rows, divided));
}

std::string Following::between(const Context& context, std::string_view tail) {
  const std::string encoding = encoding_of(context.config());
  const bool utf8 = encoding == "auto" || encoding == "utf-8" || encoding == "utf8";
  const auto encoded = [&](std::string_view text) {
    if (utf8) return std::string(text);
    Converter converter(encoding == "utf-16" ? "utf-16le" : iconv_name(encoding), "utf-8");
    std::string bytes;
    std::size_t taken = 0;
    converter.convert(text, bytes, taken);
    return bytes;
  };
  if (tail.ends_with(encoded("\n")) || tail.ends_with(encoded("\r"))) return {};
  return encoded(read_options(context.config()).line_end);
}

}  // namespace weir::csv
