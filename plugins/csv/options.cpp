// Options: from the manifest's texts to what the scan and the columns need.
#include "options.hpp"

#include <weir/cpp/drift.hpp>

#include <algorithm>
#include <cctype>

#include <weir/cpp/type_names.hpp>

#include "scanned.hpp"

namespace weir::csv {
namespace {

Failure refuse(std::string message, std::string pointer) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, std::move(message)).option(std::move(pointer));
}

// One byte that can stand between fields or around them.
char mark_of(const Config& config, const char* pointer, char otherwise) {
  const std::string_view text = config.text(pointer);
  if (text.empty()) return otherwise;
  if (text == "tab" || text == "\\t") return '\t';
  const auto byte = static_cast<unsigned char>(text[0]);
  if (text.size() == 1 && byte < 0x80 && byte != 0 && byte != '\n' && byte != '\r') return text[0];
  throw refuse("expected one ASCII character, found \"" + std::string(text) + "\"", pointer);
}

// The marks, and that they can be told apart.
Dialect read_dialect(const Config& config, bool find_delimiter) {
  Dialect dialect;
  if (!find_delimiter) dialect.marks.delimiter = mark_of(config, "/delimiter", ',');
  const bool no_quote = config.text("/quote") == "none";
  dialect.marks.quote = no_quote ? kNoQuote : mark_of(config, "/quote", '"');
  dialect.escape = mark_of(config, "/escape", 0);
  if (dialect.escape == dialect.marks.quote) dialect.escape = 0;  // a doubled quote is one anyway
  dialect.comment = mark_of(config, "/comment", 0);
  dialect.trim = config.boolean("/trim");
  if (dialect.marks.delimiter == dialect.marks.quote) {
    throw refuse("expected a quote that is not the delimiter, found both the same",
                 config.has("/quote") ? "/quote" : "/delimiter");
  }
  const auto other_than = [&](char mark, const char* pointer, std::initializer_list<char> others) {
    if (mark == 0 || std::find(others.begin(), others.end(), mark) == others.end()) return;
    throw refuse("expected a character with no other meaning, found that of another option", pointer);
  };
  other_than(dialect.escape, "/escape", {dialect.marks.delimiter, dialect.comment});
  other_than(dialect.comment, "/comment", {dialect.marks.delimiter, dialect.marks.quote});
  return dialect;
}

std::vector<std::string> texts_of(const Config& config, const std::string& pointer) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < config.count(pointer); ++i)
    texts.emplace_back(config.text(pointer + "/" + std::to_string(i)));
  return texts;
}

void read_types(const Config& config, Options& options) {
  for (std::uint64_t i = 0; i < config.count("/types"); ++i) {
    std::string column(config.key("/types", i));
    const std::string pointer = pointer_to("/types", column);
    const std::string_view name = config.text(pointer);
    std::string format = format_of(name);
    if (format.empty()) {
      throw refuse("expected the name of a type, found \"" + std::string(name) + "\"", pointer).hint(type_hint(name));
    }
    options.types.emplace_back(std::move(column), std::move(format));
  }
}

void read_patterns(const Config& config, Options& options) {
  for (std::uint64_t i = 0; i < config.count("/formats"); ++i) {
    std::string column(config.key("/formats", i));
    const std::string pointer = pointer_to("/formats", column);
    auto pattern = std::make_shared<const TimePattern>(config.text(pointer), pointer);
    const char* const made = pattern->has_offset()     ? "tsu:UTC"
                             : !pattern->has_date()    ? "ttu"
                             : !pattern->has_clock()   ? "tdD"
                             : options.zone != nullptr ? "tsu:UTC"
                                                       : "tsu:";
    const auto type =
        std::find_if(options.types.begin(), options.types.end(), [&](const auto& one) { return one.first == column; });
    if (type == options.types.end()) {
      options.types.emplace_back(column, made);
    } else if (type->second.substr(0, 2) != std::string_view(made).substr(0, 2)) {
      throw refuse("expected a pattern for the type that types: gives the column, found one of a " +
                       type_name(*Schema::field(made, column).address()),
                   pointer);
    }
    options.patterns.emplace_back(std::move(column), std::move(pattern));
  }
}

void read_habits(const Config& config, Options& options) {
  const std::string zone(config.text("/times/naive"));
  if (!zone.empty() && (options.zone = LocalZone::named(zone)) == nullptr)
    throw refuse("expected the name of a time zone, found \"" + zone + "\"", "/times/naive")
        .hint("write one of the IANA's names, such as Europe/Rome; are the zones installed (tzdata)?");
  options.numbers.decimal = mark_of(config, "/decimal", '.');
  options.numbers.thousands = mark_of(config, "/thousands", 0);
  const auto can_be = [&](char mark, const char* pointer) {
    const bool used = (mark >= '0' && mark <= '9') || mark == '-' || mark == '+' || mark == 'e' || mark == 'E';
    if (used) throw refuse("expected a mark that numbers do not have otherwise, found one that they have", pointer);
  };
  can_be(options.numbers.decimal, "/decimal");
  can_be(options.numbers.thousands, "/thousands");
  if (options.numbers.decimal == options.numbers.thousands)
    throw refuse("expected another mark than `decimal`, found the same",
                 config.has("/thousands") ? "/thousands" : "/decimal");
}

std::string squeezed(std::string_view text) {
  std::string squeezed;
  for (const char byte : text) {
    if (byte != ' ') squeezed += static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  }
  return squeezed;
}

// How many fields each of the first records has; empty if there is none.
std::vector<std::size_t> field_counts(std::string_view head, bool whole, const Dialect& dialect) {
  const Lexer lexer(dialect);
  std::uint64_t state = 0;
  if (!whole && !lexer.plain()) head = head.substr(0, lexer.last_record_end(head, state));
  Workspace workspace;
  const Chunk chunk = scan_records(lexer, head, {}, 0, workspace);
  std::vector<std::size_t> counts;
  std::size_t first = 0;
  for (std::size_t i = 0; i < chunk.fields(); ++i) {
    if (!chunk.ends_record(i)) continue;
    if (chunk.begin_of(i + 1) > chunk.bytes.size() && !whole) break;
    const bool blank = i == first && chunk.field(i, true).empty();
    if (!blank) counts.push_back(i + 1 - first);
    first = i + 1;
  }
  return counts;
}

}  // namespace

bool Options::declares(std::string_view column) const {
  return std::any_of(types.begin(), types.end(), [&](const auto& type) { return type.first == column; });
}

// Whether files are put together by name: as `files` says, and without a word where other columns are not an error.
bool unites_files(const Config& config) {
  if (config.has("/files")) return config.text("/files") == "union";
  const ColumnDrift columns = DriftPolicy::read(config).columns;
  return columns != ColumnDrift::unsaid && columns != ColumnDrift::freeze;
}

Options read_options(const Config& config) {
  Options options;
  options.find_quote = !config.has("/quote");
  options.find_header = !config.has("/header") && !config.has("/columns");
  options.find_delimiter = !config.has("/delimiter") || config.text("/delimiter") == "auto";
  options.dialect = read_dialect(config, options.find_delimiter);
  options.skip = static_cast<std::size_t>(std::max<std::int64_t>(config.integer("/skip"), 0));
  const std::string_view ragged = config.text("/ragged");
  options.ragged = ragged == "reject" ? OnRagged::reject : ragged == "fill" ? OnRagged::fill : OnRagged::error;
  constexpr std::uint64_t kMaxRecord = std::uint64_t{64} << 20U;
  options.max_record =
      config.has("/max_record") ? static_cast<std::uint64_t>(config.integer("/max_record")) : kMaxRecord;
  options.columns = texts_of(config, "/columns");
  options.nulls = texts_of(config, "/nulls");
  options.header = config.has("/header") ? config.boolean("/header") : options.columns.empty();
  options.infer = !config.has("/infer") || config.boolean("/infer");
  options.protect_formulas = config.text("/formulas") == "protect";
  options.quote_all = config.text("/quoting") == "all";
  if (options.quote_all && options.dialect.marks.quote == kNoQuote)
    throw refuse("expected a quote to put all in, found none", "/quoting");
  if (config.text("/line_end") == "crlf") options.line_end = "\r\n";
  options.union_files = unites_files(config);
  read_types(config, options);
  read_habits(config, options);
  read_patterns(config, options);
  return options;
}

std::shared_ptr<const TimePattern> Options::pattern_of(std::string_view column) const {
  const auto found =
      std::find_if(patterns.begin(), patterns.end(), [&](const auto& one) { return one.first == column; });
  return found == patterns.end() ? nullptr : found->second;
}

std::string format_of(std::string_view type_name) {
  const auto named = type_named(type_name);
  const bool coarse_time = named && (named->format == "tts" || named->format == "ttm");  // no reader makes it
  return !named || coarse_time ? "" : named->format;
}

char find_delimiter(std::string_view head, bool whole, const Dialect& dialect, char decimal) {
  constexpr std::size_t kEnough = 64 * 1024;
  if (head.size() > kEnough) {
    head = head.substr(0, kEnough);
    whole = false;
  }
  // All records alike count before most of them alike, then more fields before fewer; ragged files have a delimiter too.
  char best = ',';
  double best_share = 0;
  std::size_t most = 1;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    if (delimiter == dialect.marks.quote || delimiter == decimal) continue;
    Dialect tried = dialect;
    tried.marks.delimiter = delimiter;
    const std::vector<std::size_t> counts = field_counts(head, whole, tried);
    if (counts.empty() || counts[0] < 2) continue;
    const auto alike = static_cast<double>(std::count(counts.begin(), counts.end(), counts[0]));
    const double share = alike / static_cast<double>(counts.size());
    if (delimiter == ',' && share == 1) return ',';
    if (share < 0.5 || share < best_share || (share == best_share && counts[0] <= most)) continue;
    best = delimiter;
    best_share = share;
    most = counts[0];
  }
  return best;
}

char find_quote(std::string_view head, bool whole, const Dialect& dialect, char decimal) {
  if (dialect.comment == '\'' || dialect.escape == '\'') return '"';
  for (const char delimiter : {',', ';', '\t', '|', dialect.marks.delimiter}) {
    if (head.starts_with('"') || head.find(std::string{delimiter, '"'}) != std::string_view::npos) return '"';
  }
  if (head.find("\n\"") != std::string_view::npos || head.find('\'') == std::string_view::npos) return '"';
  Dialect tried = dialect;
  tried.marks.quote = '\'';
  if (dialect.marks.delimiter == Marks{}.delimiter) tried.marks.delimiter = find_delimiter(head, whole, tried, decimal);
  const Lexer lexer(tried);
  std::uint64_t state = 0;
  if (!whole) head = head.substr(0, lexer.last_record_end(head, state));
  Rewritten rewritten;
  lexer.rewrite(head, {}, 0, rewritten);
  const bool clean = rewritten.open == Rewritten::kNothing && rewritten.behind == Rewritten::kNothing;
  const std::vector<std::size_t> counts = field_counts(head, true, tried);
  const bool regular = counts.size() > 1 &&
                       std::all_of(counts.begin(), counts.end(), [&](std::size_t count) { return count == counts[0]; });
  std::size_t quoted = 0;
  for (std::size_t at = head.find('\''); at != std::string_view::npos; at = head.find('\'', at + 1))
    quoted += at == 0 || head[at - 1] == '\n' || head[at - 1] == tried.marks.delimiter ? 1U : 0U;
  return clean && regular && quoted > 1 ? '\'' : '"';
}

std::int32_t sniff_csv(std::string_view name, std::string_view content_type, std::string_view head) {
  const std::size_t dot = name.rfind('.');
  const std::string extension = dot == std::string_view::npos ? "" : squeezed(name.substr(dot + 1));
  if (extension == "csv" || extension == "tsv") return 95;
  if (content_type.starts_with("text/csv") || content_type.starts_with("text/tab-separated-values")) return 90;
  head.remove_prefix(byte_order_mark(head));
  if (head.empty() || head.find('\0') != std::string_view::npos) return 0;
  const std::size_t start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || std::string_view("{[<").find(head[start]) != std::string_view::npos) return 0;
  const bool known_text = extension == "txt" || extension == "tab" || extension == "dat";
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const std::vector<std::size_t> counts = field_counts(head, false, {{delimiter, '"'}});
    if (counts.size() < 2 || counts[0] < 2) continue;
    const bool same = std::all_of(counts.begin(), counts.end(), [&](std::size_t count) { return count == counts[0]; });
    if (same) return known_text ? 60 : 40;
  }
  return known_text ? 10 : 0;
}

std::size_t byte_order_mark(std::string_view head) { return head.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

}  // namespace weir::csv
