// The reader: the head of a JSON file, and what its columns are.
#include "reader.hpp"

#include <algorithm>

#include <weir/ext/open_files.h>
#include <weir/cpp/quoted.hpp>

#include "record_parser.hpp"

namespace weir::json {
namespace {

// ScanPlace crosses the ABI as two of the words.
ScanPlace place_of(const std::uint64_t (&words)[4]) { return {words[0], words[1]}; }

// A file in UTF-16 or UTF-32 gets its own words: the byte that JSON lacks would say little.
void check_encoding(std::string_view head) {
  const bool mark = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
  const bool zeros = head.size() >= 4 && (head[0] == 0 || head[1] == 0);
  if (!mark && !zeros) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                "expected UTF-8 text, found another encoding (UTF-16 or UTF-32)")
      .offset(0)
      .hint("convert the file to UTF-8 first (iconv -f UTF-16 -t UTF-8)");
}

void set_ignore_unknown(Field& field, bool ignore) {
  field.ignore_unknown = ignore;
  for (Field& child : field.fields) set_ignore_unknown(child, ignore);
}

Schema declared_field(const Options::Declared& declared) {
  return Schema::field(declared.format, declared.column, true, declared.raw ? raw_metadata() : Metadata());
}

}  // namespace

JsonReader::JsonReader(const Context& context, Input input, std::string_view position, const Outputs& outputs,
                       const weir_wanted* wanted)
    : ChunkedReader(input), options_(read_options(context.config())) {
  if (options_.rows)
    find_rows();
  else
    find_layout();
  const ArrowSchema* expected = context.expected();
  read_fields(expected != nullptr ? Schema::copy_of(*expected) : Schema::rows(find_columns(context)), wanted, outputs);
  if (position.empty()) return;
  ScanState& state = resume(position);
  if (layout_ == Layout::array && !at_start()) state[1] = 1;  // depth: between two items
  if (layout_ != Layout::within || at_start()) return;
  fill(1);
  resume_document(pending().empty() ? '\0' : pending().front(), state);
}

void JsonReader::find_layout() {
  for (std::size_t wanted = kFirstBytes; layout_ == Layout::unknown; wanted *= 4) {
    fill(wanted);
    check_encoding(pending());
    layout_ = layout_of(pending(), ended());
    if (layout_ == Layout::unknown && wanted > kMostOfHead) layout_ = Layout::lines;
  }
  begin(records_start(pending()));
}

// Goes through the document up to the rows, holding none of it.
void JsonReader::find_rows() {
  layout_ = Layout::within;
  finder_ = std::make_unique<RowsFinder>(*options_.rows);
  fill(kFirstBytes);
  check_encoding(pending());
  for (skip(finder_->pass(mark_length(pending())));; fill(kFirstBytes)) {
    const std::size_t read = finder_->read(pending());
    if (finder_->found()) return begin(read);
    skip(read);
    if (ended()) finder_->refuse_end();
  }
}

bool JsonReader::sample(Guess& rows) {
  const bool between = fill_head(layout_ == Layout::lines);
  const Layout layout = layout_ == Layout::within ? Layout::array : layout_;
  std::size_t end = 0;
  bool closed = false;
  for (std::size_t wanted = std::max(pending().size(), kFirstBytes); end == 0; wanted *= 2) {
    fill(wanted);
    ScanPlace place;
    end = last_record_end(pending(), layout, place);
    closed = layout == Layout::array && is_closed(place);
    if (ended()) break;
  }
  const std::string_view head = pending();
  if (ended()) end = head.size();
  Sampler sampler(head.substr(0, end), layout == Layout::lines);
  if (layout == Layout::array) sampler.array(rows);
  if (layout == Layout::spread) sampler.spread(rows);
  if (layout == Layout::lines) sampler.lines(rows);
  if (!between || ended()) return closed || ended();
  for_each_sample([&](std::string_view bytes, bool last) {
    const std::size_t first = std::min(bytes.find('\n'), bytes.size());
    const std::size_t behind = last ? bytes.size() : std::max(first, bytes.rfind('\n') + 1);
    Sampler(bytes.substr(first, behind - first), true).lines(rows);
  });
  return false;
}

// The columns as a sample has them, or as they are declared; those that are only declared come last.
std::vector<Schema> JsonReader::find_columns(const Context& context) {
  Guess rows;
  const bool whole = sample(rows);
  rows.tell_mixed("", [&](const std::string& path, const std::string& values) {
    if (options_.declared(path) != nullptr) return;
    std::string detail = "{\"column\":";
    append_json_text(detail, path);
    context.log(WEIR_LOG_INFO, "json.mixed", detail + ",\"values\":\"" + values + "\",\"type\":\"JSON text\"}");
  });
  std::vector<Schema> columns;
  std::vector<std::string> seen;
  for (auto& [name, schema] : rows.fields(whole)) {
    if (name.find('\0') != std::string::npos) continue;  // no name can hold it: the key stays unknown
    const Options::Declared* declared = options_.declared(name);
    columns.push_back(declared == nullptr ? std::move(schema) : declared_field(*declared));
    seen.push_back(name);
  }
  for (const auto& declared : options_.types) {
    if (std::find(seen.begin(), seen.end(), declared.column) == seen.end()) columns.push_back(declared_field(declared));
  }
  return columns;
}

void JsonReader::read_fields(Schema schema, const weir_wanted* wanted, const Outputs& outputs) {
  std::vector<Schema> columns;
  Keys keys;
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    const ArrowSchema& field = *schema->children[i];
    const bool keep = is_wanted(wanted, field.name);
    keys.add(field.name, keep ? static_cast<std::int32_t>(columns.size()) : Key::kSkipped);
    if (keep) columns.push_back(Schema::copy_of(field));
  }
  Schema told = Schema::field("+s", "", false, {{WEIR_OPEN_FILES, "true"}}, std::move(columns));
  rows_ = std::make_unique<Field>(told.get(), "");
  rows_->keys = std::move(keys);
  // Of an agreed schema with wanted columns only, the others are not known by name: then nothing asks for them.
  const bool narrow = wanted != nullptr && wanted->column_count > 0 && told->n_children == schema->n_children;
  set_ignore_unknown(*rows_, options_.ignore_unknown || narrow);
  for (Field& field : rows_->fields) field.declared = options_.declared(field.path) != nullptr;
  outputs.put(std::move(told));
}

std::uint64_t JsonReader::boundary(std::string_view bytes, ScanState& state) const {
  if (layout_ == Layout::within) return last_document_end(bytes, finder_->path(), state);
  ScanPlace place = place_of(state);
  const std::size_t end = last_record_end(bytes, layout_, place);
  state[0] = place.flags;
  state[1] = place.depth;
  return end;
}

void JsonReader::parse_records(std::string_view records, std::int64_t offset, const Next& next) const {
  RecordParser(records, layout_, *rows_, offset, next).parse();
}

void JsonReader::check_end(const ScanState& state, std::int64_t offset) const {
  if (layout_ != Layout::array && layout_ != Layout::within) return;
  const bool rows_end = is_closed(place_of(state));
  if (rows_end && (layout_ == Layout::array || is_document_closed(finder_->path(), state))) return;
  throw Failure(
      WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
      std::string("expected ") + (rows_end ? "the rest of the document" : "',' or ']'") + ", found the end of the file")
      .offset(offset)
      .hint("the file was cut short: get it again");
}

}  // namespace weir::json
