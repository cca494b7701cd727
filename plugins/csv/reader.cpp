// The reader: the head of a CSV file, and what its columns are.
#include "reader.hpp"

#include <algorithm>

#include <weir/ext/found.h>
#include <weir/ext/open_files.h>
#include <weir/cpp/frames.hpp>
#include <weir/cpp/quoted.hpp>
#include <weir/cpp/suggest.hpp>

#include "head.hpp"

namespace weir::csv {
namespace {

Failure bad_header(std::string message) {
  return Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, std::move(message)).offset(0);
}

std::vector<std::string> names_of(const ArrowSchema& schema) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < schema.n_children; ++i) names.emplace_back(schema.children[i]->name);
  return names;
}

Schema wanted_of(const ArrowSchema& schema, const weir_wanted* wanted) {
  std::vector<Schema> fields;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (is_wanted(wanted, schema.children[i]->name)) fields.push_back(Schema::copy_of(*schema.children[i]));
  }
  return Schema::rows(std::move(fields));
}

// True if the field is a number, a date or their like, as the options spell them.
bool is_value(const std::string& field, const Options& options) {
  const char* const begin = field.data();
  const char* const end = begin + field.size();
  if (field.empty()) return false;
  text::ReadTimestamp read;
  const auto spelled = [&](const auto& pattern) { return pattern.second->parse(begin, end, read); };
  if (std::any_of(options.patterns.begin(), options.patterns.end(), spelled)) return true;
  char number[kMaxNumber];
  const char* const last = options.numbers.usual() ? nullptr : to_usual_number(begin, end, options.numbers, number);
  Guess guess;
  guess.add(field, options.numbers.usual() ? std::string_view(field)
                   : last == nullptr       ? std::string_view()
                                           : std::string_view(number, static_cast<std::size_t>(last - number)));
  return std::string_view(guess.field("", false)->format) != "u";
}

// True if none of the fields could be a name.
bool has_only_values(const std::vector<std::string>& fields, const Options& options) {
  return std::all_of(fields.begin(), fields.end(), [&](const auto& field) { return is_value(field, options); });
}

void say(const Context& context, const char* event, const std::string& message) {
  std::string detail = "{\"message\":";
  append_json_text(detail, message);
  context.log(WEIR_LOG_WARNING, event, detail + "}");
}

}  // namespace

CsvReader::CsvReader(const Context& context, Input input, std::string_view position, const Outputs& outputs,
                     const weir_wanted* wanted)
    : ChunkedReader(input), options_(read_options(context.config())), lexer_(options_.dialect) {
  read_header(context);
  const ArrowSchema* expected = context.expected();
  if (expected != nullptr) check_expected(*expected, wanted);
  Schema schema = expected != nullptr ? wanted_of(*expected, wanted) : infer_schema(wanted);
  parser_ = Parser(options_, names_, schema.get());
  outputs.put(std::move(schema));
  if (!position.empty()) resume(position);
}

// Takes the first record as names, if its end is among the pending bytes (or the input ends).
bool CsvReader::find_header(std::size_t from, std::size_t& header_end) {
  std::string_view head = pending();
  std::size_t begin = from, end = first_record(head, lexer_, begin);
  if (end == 0 && !ended()) return false;
  if (end == 0) end = head.size();
  const std::string_view record = head.substr(begin, end - begin);
  names_ = fields_of(lexer_, record, static_cast<std::int64_t>(begin));
  header_end = end;
  return true;
}

// Finds where the first line that counts begins, and in which dialect it is; false: more bytes must be seen.
bool CsvReader::find_start(std::size_t& from) {
  from = behind_lines(pending(), byte_order_mark(pending()), options_.skip);
  if (from == std::string_view::npos) {
    if (!ended()) return false;
    throw bad_header("expected " + std::to_string(options_.skip) + " lines to skip and a line behind them, found fewer")
        .hint("skip: counts the lines before the header");
  }
  std::size_t behind = from;
  const char separator = separator_line(pending(), behind);
  if (separator != 0 && (options_.find_delimiter || separator == options_.dialect.marks.delimiter)) {
    options_.dialect.marks.delimiter = separator;
    from = behind;
  }
  if (options_.find_quote)
    options_.dialect.marks.quote =
        find_quote(pending().substr(from), ended(), options_.dialect, options_.numbers.decimal);
  if (options_.find_delimiter && separator == 0)
    options_.dialect.marks.delimiter =
        find_delimiter(pending().substr(from), ended(), options_.dialect, options_.numbers.decimal);
  lexer_ = Lexer(options_.dialect);
  return true;
}

void CsvReader::read_header(const Context& context) {
  std::size_t wanted = kFirstBytes, from = 0, header_end = 0;
  for (;; wanted *= 4) {
    if (wanted > kMostOfHead)
      throw bad_header("expected the first line within 64 MiB, found no end of it").hint("is a quote left open?");
    fill(wanted);
    if (ended() && pending().empty()) {
      const char* what =
          options_.header ? "expected a header line, found an empty file" : "expected records, found an empty file";
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_SOURCE, what)
          .hint("a file with a header line and no rows is fine");
    }
    if (find_start(from) && find_header(from, header_end)) break;
  }
  if (names_.empty() && options_.header) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_SOURCE, "expected a header line, found only blank lines");
  }
  if (options_.find_header && has_only_values(names_, options_)) {
    options_.header = false;
    say(context, "csv.header",
        "the first line has only values, so it is read as a row, and columns are called column1 and so on: say header: "
        "true if it names them");
  }
  if (options_.header && options_.columns.empty()) warn_of_delimiter(context, names_[0]);
  const std::size_t found = names_.size();
  if (!options_.columns.empty()) {
    if (found != options_.columns.size() && found > 0) {
      throw bad_header("expected " + std::to_string(options_.columns.size()) +
                       " fields, as `columns` has names, found " + std::to_string(found));
    }
    names_ = options_.columns;
  } else if (!options_.header) {
    for (std::size_t i = 0; i < found; ++i) names_[i] = "column" + std::to_string(i + 1);
  }
  mend_names(context);
  check_names();
  begin(options_.header ? header_end : from);
}

// Gives columns names that the header has not: one without gets its number, a name that was there before gets one behind.
void CsvReader::mend_names(const Context& context) {
  const std::vector<std::string> given = names_;
  const auto there = [&](const std::string& name, std::size_t before) {
    return std::find(given.begin(), given.end(), name) != given.end() ||
           std::find(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(before), name) !=
               names_.begin() + static_cast<std::ptrdiff_t>(before);
  };
  std::string said;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto end = given.begin() + static_cast<std::ptrdiff_t>(i);
    const bool again = std::find(given.begin(), end, given[i]) != end;
    if (!given[i].empty() && !again) continue;
    const std::string base = given[i].empty() ? "column" : given[i] + "_";
    for (std::size_t number = given[i].empty() ? i + 1 : 2;; ++number) {
      names_[i] = base + std::to_string(number);
      if (!there(names_[i], i)) break;
    }
    said += (said.empty() ? "" : ", ") + ("column " + std::to_string(i + 1) + " is " + quoted_for_message(names_[i]));
  }
  if (!said.empty())
    say(context, "csv.names", "the header lacks names or has some twice: " + said + "; `columns` can name them all");
}

void CsvReader::check_names() const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i].find('\0') != std::string::npos) {
      throw bad_header("expected names that are text, found one with a NUL byte")
          .hint("is it UTF-16? then say encoding: utf-16; else name them all with `columns`");
    }
  }
  for (const auto& [column, format] : options_.types) {
    if (options_.union_files) return;  // another file may have it
    if (std::find(names_.begin(), names_.end(), column) != names_.end()) continue;
    const std::vector<std::string_view> names(names_.begin(), names_.end());
    const std::string near(nearest_name(column, names));
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected a column of the file, found \"" + column + "\"; it has " + listed(names_))
        .option(pointer_to(options_.pattern_of(column) != nullptr ? "/formats" : "/types", column))
        .hint(near.empty() ? "" : "did you mean '" + near + "'?");
  }
}

void CsvReader::warn_of_delimiter(const Context& context, std::string_view header) const {
  if (names_.size() != 1) return;
  for (const char other : {';', '\t', '|', ','}) {
    if (other == options_.dialect.marks.delimiter || header.find(other) == std::string_view::npos) continue;
    const std::string shown = other == '\t' ? "\\t" : std::string(1, other);
    say(context, "csv.delimiter",
        "the header has one column, " + quoted_for_message(header) + ": is the delimiter \"" + shown + "\"?");
    return;
  }
}

void CsvReader::sample(Inference& inference) {
  const bool between = fill_head(true);
  std::uint64_t state = 0;
  const std::string_view head = pending();
  inference.add(ended() ? head : head.substr(0, lexer_.last_record_end(head, state)));
  if (between) for_each_sample([&](std::string_view bytes, bool last) { inference.add_sample(bytes, last); });
}

// What was found that nobody said, and is not as it mostly is.
std::string CsvReader::found_text() const {
  std::string text;
  const auto add = [&text](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  const Marks& marks = options_.dialect.marks;
  if (options_.find_delimiter && marks.delimiter != ',')
    add(marks.delimiter == '\t' ? "delimiter tab" : std::string("delimiter ") + marks.delimiter);
  if (options_.find_quote && marks.quote != '"') add(std::string("quote ") + marks.quote);
  if (options_.find_header && !options_.header) add("no header");
  return text;
}

// A timestamp without a zone is one of UTC where the manifest says what such texts mean.
Schema CsvReader::in_zone(Schema field) const {
  const std::string format = field->format;
  if (options_.zone == nullptr || !format.starts_with("ts") || !format.ends_with(':')) return field;
  return Schema::field(format + "UTC", field->name);
}

// How the column's timestamps are written, for who writes them again: not if they are of a zone that the texts don't say.
Metadata CsvReader::spelling_for(const std::string& format, const Guess& guess) const {
  if (!format.starts_with("ts")) return {};
  Metadata spelling = guess.spelling();
  const bool zoned = !spelling.empty() && spelling[0].second.find_first_of("Z+-") != std::string::npos;
  return zoned == !format.ends_with(':') ? spelling : Metadata();
}

Schema CsvReader::infer_schema(const weir_wanted* wanted) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (is_wanted(wanted, names_[i])) columns.push_back(i);
  }
  Inference inference(options_, columns, names_.size());
  // With neither inference nor types, every column is a string, and nobody need look.
  if (options_.infer || !options_.types.empty()) sample(inference);
  std::vector<Schema> fields;
  for (const std::size_t i : columns) {
    const auto type =
        std::find_if(options_.types.begin(), options_.types.end(), [&](const auto& t) { return t.first == names_[i]; });
    if (type != options_.types.end()) {
      fields.push_back(Schema::field(type->second, names_[i], true, spelling_for(type->second, inference[i])));
    } else if (options_.infer) {
      fields.push_back(in_zone(inference[i].field(names_[i], ended())));
    } else {
      fields.push_back(Schema::field("u", names_[i]));
    }
  }
  Metadata metadata;
  if (const std::string found = found_text(); !found.empty()) metadata.emplace_back(WEIR_FOUND, found);
  if (!options_.union_files) return Schema::field("+s", "", false, std::move(metadata), std::move(fields));
  metadata.emplace_back(WEIR_OPEN_FILES, WEIR_OPEN_COLUMNS);
  for (const auto& [column, format] : options_.types) {
    if (std::find(names_.begin(), names_.end(), column) == names_.end() && is_wanted(wanted, column))
      fields.push_back(Schema::field(format, column));
  }
  return Schema::field("+s", "", false, std::move(metadata), std::move(fields));
}

void CsvReader::check_expected(const ArrowSchema& expected, const weir_wanted* wanted) const {
  const std::vector<std::string> agreed = names_of(expected);
  // Of a schema with wanted columns only, the file's others are not known by name.
  const auto unknown = [&](const std::string& name) { return !is_wanted(wanted, name); };
  const bool narrow = wanted != nullptr && std::none_of(agreed.begin(), agreed.end(), unknown);
  const auto holds = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::string what;
  for (const auto& name : agreed) {
    if (!options_.union_files && !holds(names_, name)) what += (what.empty() ? "" : ", ") + ("no \"" + name + "\"");
  }
  for (const auto& name : names_) {
    if (narrow && unknown(name)) continue;
    if (!holds(agreed, name)) what += (what.empty() ? "" : ", ") + ("a column more, \"" + name + "\"");
  }
  if (what.empty()) return;
  throw bad_header("expected the columns of the files before (" + listed(agreed) + "), found " + what +
                   " (the file has " + listed(names_) + ")")
      .hint(options_.union_files
                ? "it was not among the first files, which are looked at: name it in types, or have all looked at with "
                  "drift: { columns: evolve }"
                : "files of one stream have the same columns, in any order; or say files: union");
}

// state[0]: the lexer's; state[1]: bytes since the last record's end.
std::uint64_t CsvReader::boundary(std::string_view bytes, ScanState& state) const {
  const std::size_t end = lexer_.last_record_end(bytes, state[0]);
  state[1] = end == 0 ? state[1] + bytes.size() : bytes.size() - end;
  if (state[1] > options_.max_record) {
    throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA,
                  "expected a record of at most " + exact_size(options_.max_record) + ", found a longer one")
        .hint("is a quote left open? if records are that long, raise max_record");
  }
  return end;
}

void CsvReader::parse_records(std::string_view records, std::int64_t offset, const Next& next) const {
  parser_.parse(records, offset, next);
}

}  // namespace weir::csv
