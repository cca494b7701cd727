// The reader. Bytes of the input are kept in one buffer; what is in front of taken_ has been parsed.
#include "reader.hpp"

#include <algorithm>
#include <limits>

#include <weir/ext/open_files.h>

#include "record_parser.hpp"

namespace weir::json {
namespace {

constexpr std::size_t kHeadBytes = std::size_t{4} << 20U;  // looked at for types, where no samples can be taken
constexpr std::size_t kSampledHeadBytes = std::size_t{1} << 20U;
constexpr std::size_t kSampleBytes = std::size_t{128} << 10U;  // each of kSamples, between the head and the end
constexpr std::size_t kSamples = 8;
constexpr std::size_t kFirstBytes = std::size_t{64} << 10U;
constexpr std::size_t kMaxFirstRecord = std::size_t{64} << 20U;
constexpr std::size_t kChunkBytes = std::size_t{1} << 20U;

ScanState state_of(const std::uint64_t (&words)[4]) { return {words[0], words[1]}; }

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
    : input_(input), options_(read_options(context.config())) {
  find_layout();
  const ArrowSchema* expected = context.expected();
  read_fields(expected != nullptr ? Schema::copy_of(*expected) : Schema::rows(find_columns()), wanted, outputs);
  if (!position.empty()) skip_to(position);
}

std::string_view JsonReader::pending() const {
  return {reinterpret_cast<const char*>(buffer_.data()) + taken_, buffer_.size() - taken_};
}

// Reads until `wanted` bytes are pending or the input ends; gives false if it waited past the deadline.
bool JsonReader::fill(std::size_t wanted, std::int64_t deadline) {
  if (taken_ > 0 && pending().size() < wanted) {
    const std::size_t rest = pending().size();
    std::memmove(buffer_.data(), buffer_.data() + taken_, rest);
    buffer_.resize(rest);
    base_ += static_cast<std::int64_t>(taken_);
    taken_ = 0;
  }
  while (!end_ && pending().size() < wanted) {
    const std::size_t size = buffer_.size();
    buffer_.reserve(taken_ + wanted);
    const std::uint64_t got = input_.read(buffer_.data() + size, taken_ + wanted - size, &end_, deadline);
    buffer_.resize(size + got);
    if (got == 0 && !end_) return false;
  }
  return true;
}

void JsonReader::find_layout() {
  for (std::size_t wanted = kFirstBytes; layout_ == Layout::unknown; wanted *= 4) {
    fill(wanted);
    check_encoding(pending());
    layout_ = layout_of(pending(), end_);
    if (layout_ == Layout::unknown && wanted > kMaxFirstRecord) layout_ = Layout::lines;
  }
  start_ = records_start(pending());
  taken_ = start_;
}

void JsonReader::sample(Guess& rows) {
  const bool between =
      layout_ == Layout::lines && input_.can_seek() && input_.length() > static_cast<std::int64_t>(kHeadBytes);
  std::size_t end = 0;
  for (std::size_t wanted = between ? kSampledHeadBytes : kHeadBytes; end == 0; wanted *= 2) {
    fill(wanted);
    ScanState state;
    end = last_record_end(pending(), layout_, state);
    if (end_) break;
  }
  const std::string_view head = pending();
  if (end_) end = head.size();
  Sampler sampler(head.substr(0, end), layout_ == Layout::lines);
  if (layout_ == Layout::array)
    sampler.array(rows);
  else if (layout_ == Layout::spread)
    sampler.spread(rows);
  else
    sampler.lines(rows);
  if (between && !end_) sample_lines_between(rows);
}

void JsonReader::sample_lines_between(Guess& rows) {
  const auto length = static_cast<std::uint64_t>(input_.length());
  const std::uint64_t first = static_cast<std::uint64_t>(base_) + buffer_.size();
  Buffer bytes(kSampleBytes);
  for (std::size_t i = 1; i <= kSamples; ++i) {
    const std::uint64_t offset = first + (length - first) / kSamples * i;
    const bool last = i == kSamples;
    const std::uint64_t at = last ? length - kSampleBytes : std::min(offset, length - kSampleBytes);
    const std::uint64_t got = input_.read_at(at, bytes.data(), kSampleBytes);
    const std::string_view sample(bytes.as<char>(), got);
    const std::size_t begin = std::min(sample.find('\n'), sample.size());
    const std::size_t end = last ? sample.size() : std::max(begin, sample.rfind('\n') + 1);
    Sampler(sample.substr(begin, end - begin), true).lines(rows);
  }
}

// The columns as a sample has them, or as they are declared; those that are only declared come last.
std::vector<Schema> JsonReader::find_columns() {
  Guess rows;
  sample(rows);
  std::vector<Schema> columns;
  std::vector<std::string> seen;
  for (auto& [name, schema] : rows.fields(end_)) {
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
  set_ignore_unknown(*rows_, options_.ignore_unknown || (wanted != nullptr && wanted->column_count > 0));
  for (Field& field : rows_->fields) field.declared = options_.declared(field.path) != nullptr;
  outputs.put(std::move(told));
}

// Goes on where position() stood: reads over what is before, for only then the input is there too.
void JsonReader::skip_to(std::string_view position) {
  std::uint64_t offset = 0;
  const bool number = text::parse_uint64(position.data(), position.data() + position.size(), offset);
  if (!number || offset < start_) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_PLUGIN,
                  "expected a position that this reader told, found another text");
  }
  const bool within = layout_ == Layout::array && offset > start_;
  while (static_cast<std::uint64_t>(base_) + buffer_.size() < offset && !end_) {
    taken_ = buffer_.size();
    fill(kChunkBytes);
  }
  const std::uint64_t have = static_cast<std::uint64_t>(base_) + buffer_.size();
  if (have < offset) {
    throw Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE,
                  "expected at least " + std::to_string(offset) + " bytes, as before, found " + std::to_string(have));
  }
  taken_ = static_cast<std::size_t>(offset - static_cast<std::uint64_t>(base_));
  if (within) state_.depth = 1;  // between two items
}

void JsonReader::position(const Sink& sink) { sink.put(std::to_string(base_ + static_cast<std::int64_t>(taken_))); }

std::int32_t JsonReader::read(std::int64_t deadline, const Next& next) {
  std::size_t end = 0;
  bool late = false;
  for (std::size_t wanted = kChunkBytes; end == 0 && !late; wanted = pending().size() + kChunkBytes) {
    late = !fill(std::max(wanted, looked_ + 1), deadline);
    const std::string_view bytes = pending();
    const std::size_t found = last_record_end(bytes.substr(looked_), layout_, state_);
    end = found == 0 ? 0 : looked_ + found;
    looked_ = bytes.size();
    if (end_) {
      end = bytes.size();
      break;
    }
  }
  const std::int64_t base = base_ + static_cast<std::int64_t>(taken_);
  RecordParser(pending().substr(0, end), layout_, *rows_, base, next).parse();
  if (end_) check_closed(state_, base + static_cast<std::int64_t>(end));
  taken_ += end;
  looked_ -= end;
  return end_ ? WEIR_READ_END : late ? WEIR_READ_IDLE : WEIR_READ_MORE;
}

void JsonReader::check_closed(const ScanState& state, std::int64_t offset) const {
  if (layout_ != Layout::array || is_closed(state)) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA, "expected ',' or ']', found the end of the file")
      .offset(offset)
      .hint("the file was cut short: get it again");
}

std::uint64_t JsonReader::boundary(std::string_view bytes, std::uint64_t (&state)[4]) const {
  ScanState where = state_of(state);
  const std::size_t end = last_record_end(bytes, layout_, where);
  state[0] = where.flags;
  state[1] = where.depth;
  return end;
}

void JsonReader::parse(std::string_view chunk, const Next& next) const {
  if (chunk.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw Failure(WEIR_OUT_OF_RANGE, WEIR_FAULT_DATA, "expected a record of less than 2 GiB, found a longer one")
        .offset(0);
  }
  RecordParser(chunk, layout_, *rows_, 0, next).parse();
}

void JsonReader::finish(const std::uint64_t (&state)[4]) const { check_closed(state_of(state), -1); }

}  // namespace weir::json
