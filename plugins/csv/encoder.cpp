// The encoder. A row is never split between two writes, so that one with a value that has no text can be taken back.
#include "encoder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <weir/cpp/quoted.hpp>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kWriteBytes = std::size_t{256} << 10U;  // what a write has at least
constexpr std::size_t kMaxFixed = 256;                        // what a value that is no text has at most
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kSlack = 64;  // may be overwritten behind the last byte

std::string whole_name(const ArrowSchema& field) { return field.name == nullptr ? "" : field.name; }

bool can_write(Type type) { return type < Type::interval; }

WrittenColumn column_for(const ArrowSchema& field) {
  const TypeInfo info = type_of(field);
  WrittenColumn column;
  column.name = whole_name(field);
  column.kind = info.type;
  column.unit = info.unit;
  column.scale = info.scale;
  column.width = info.width;
  if (info.type == Type::timestamp) column.spelling = text::spelling_of(field);
  if (field.dictionary != nullptr) {
    column.values.push_back(column_for(*field.dictionary));
    column.values.back().name = column.name;
  }
  const Type kind = column.values.empty() ? column.kind : column.values.back().kind;
  if (!can_write(kind) || !can_write(column.kind)) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected columns that csv can write, found '" + column.name + "' of type " + type_name(field))
        .column(column.name)
        .hint("a select or derive before the load can leave it out or take it apart; json can write it");
  }
  return column;
}

template <class T>
T load(const WrittenColumn& column, std::int64_t row) {
  T value;
  std::memcpy(&value, column.data + static_cast<std::size_t>(column.offset + row) * sizeof(T), sizeof(T));
  return value;
}

std::int64_t index_of(const WrittenColumn& column, std::int64_t row) {
  switch (column.kind) {
    case Type::int8: return load<std::int8_t>(column, row);
    case Type::uint8: return load<std::uint8_t>(column, row);
    case Type::int16: return load<std::int16_t>(column, row);
    case Type::uint16: return load<std::uint16_t>(column, row);
    case Type::int32: return load<std::int32_t>(column, row);
    case Type::uint32: return load<std::uint32_t>(column, row);
    default: return load<std::int64_t>(column, row);
  }
}

template <class Offset>
std::string_view bytes_at(const WrittenColumn& column, std::int64_t row) {
  const auto begin = load<Offset>(column, row), end = load<Offset>(column, row + 1);
  return {column.bytes + begin, static_cast<std::size_t>(end - begin)};
}

// The text or bytes of a value; null data for what has none.
std::string_view text_at(const WrittenColumn& column, std::int64_t row) {
  switch (column.kind) {
    case Type::utf8:
    case Type::binary: return bytes_at<std::int32_t>(column, row);
    case Type::large_utf8:
    case Type::large_binary: return bytes_at<std::int64_t>(column, row);
    case Type::utf8_view:
    case Type::binary_view: return ViewColumn(*column.array)[row + column.offset - column.array->offset];
    case Type::fixed_binary: {
      const auto width = static_cast<std::size_t>(column.width);
      return {reinterpret_cast<const char*>(column.data) + static_cast<std::size_t>(column.offset + row) * width,
              width};
    }
    default: return {};
  }
}

char* put_boolean(char* to, const WrittenColumn& column, std::int64_t row) {
  const auto bit = static_cast<std::uint64_t>(column.offset + row);
  const bool value = ((column.data[bit >> 3U] >> (bit & 7U)) & 1U) != 0;
  std::memcpy(to, value ? "true" : "false", 5);
  return to + (value ? 4 : 5);
}

// Writes a value that is neither text nor a dictionary's; null if it has no text.
char* put_plain(char* to, const WrittenColumn& column, std::int64_t row) {
  switch (column.kind) {
    case Type::boolean: return put_boolean(to, column, row);
    case Type::int8: return text::write_int64(to, load<std::int8_t>(column, row));
    case Type::uint8: return text::write_uint64(to, load<std::uint8_t>(column, row));
    case Type::int16: return text::write_int64(to, load<std::int16_t>(column, row));
    case Type::uint16: return text::write_uint64(to, load<std::uint16_t>(column, row));
    case Type::int32: return text::write_int64(to, load<std::int32_t>(column, row));
    case Type::uint32: return text::write_uint64(to, load<std::uint32_t>(column, row));
    case Type::int64:
    case Type::duration: return text::write_int64(to, load<std::int64_t>(column, row));
    case Type::uint64: return text::write_uint64(to, load<std::uint64_t>(column, row));
    case Type::float16: return text::write_float(to, to_float(load<Half>(column, row)));
    case Type::float32: return text::write_float(to, load<float>(column, row));
    case Type::float64: return text::write_double(to, load<double>(column, row));
    case Type::decimal128: return text::write_decimal(to, load<Int128>(column, row), column.scale);
    case Type::decimal256:
      return text::write_decimal256(to, column.data + static_cast<std::size_t>(column.offset + row) * 32, column.scale);
    case Type::date32: return text::write_date(to, load<std::int32_t>(column, row));
    case Type::date64: {
      const std::int64_t days = load<std::int64_t>(column, row) / 86400000;
      return days < text::kFirstDay || days > text::kLastDay ? nullptr
                                                             : text::write_date(to, static_cast<std::int32_t>(days));
    }
    case Type::time32: return text::write_time(to, load<std::int32_t>(column, row), column.unit);
    case Type::time64: return text::write_time(to, load<std::int64_t>(column, row), column.unit);
    case Type::timestamp:
      return text::write_timestamp(to, load<std::int64_t>(column, row), column.unit, column.spelling);
    default: return to;
  }
}

// True if the reader takes the text for a null, in quotes or not.
bool reads_null(const Options& options, std::string_view text) {
  return std::find(options.nulls.begin(), options.nulls.end(), text) != options.nulls.end();
}

std::string in_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) {
    hex += kHex[static_cast<unsigned char>(byte) >> 4U];
    hex += kHex[static_cast<unsigned char>(byte) & 15U];
  }
  return hex;
}

bool is_text(Type kind) { return kind >= Type::utf8 && kind <= Type::utf8_view; }
bool is_bytes(Type kind) { return kind >= Type::binary && kind <= Type::fixed_binary; }

}  // namespace

void WrittenColumn::bind(const ArrowArray& column, std::int64_t outer) {
  array = &column;
  validity = kind == Type::null ? Validity() : Validity(column, outer);
  offset = column.offset + outer;
  if (kind == Type::null) return;
  data = static_cast<const std::uint8_t*>(column.buffers[1]);
  const bool offsets =
      kind == Type::utf8 || kind == Type::large_utf8 || kind == Type::binary || kind == Type::large_binary;
  bytes = offsets ? static_cast<const char*>(column.buffers[2]) : nullptr;
  safe = nullptr;
  const std::int64_t all = column.offset + column.length;
  if (offsets && column.length > 0 && bytes != nullptr) {
    const bool large = kind == Type::large_utf8 || kind == Type::large_binary;
    const std::int64_t from_start = all - offset;  // load() counts from offset
    safe = bytes + (large ? load<std::int64_t>(*this, from_start) : load<std::int32_t>(*this, from_start));
  }
  if (!values.empty()) values[0].bind(*column.dictionary, 0);
}

CsvEncoder::CsvEncoder(const Context& context, const ArrowSchema& input, const Outputs& stored, Output output)
    : options_(read_options(context.config())), output_(output), buffer_(2 * kWriteBytes) {
  for (std::int64_t i = 0; i < input.n_children; ++i) columns_.push_back(column_for(*input.children[i]));
  if (!options_.columns.empty() && options_.columns.size() != columns_.size()) {
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "expected a name for each of " + std::to_string(columns_.size()) + " columns, found " +
                      std::to_string(options_.columns.size()))
        .option("/columns");
  }
  if (!context.config().has("/header")) options_.header = true;
  find_special();
  const std::string encoding = encoding_of(context.config());
  const bool begins = output.written() == 0;
  if (encoding != "auto" && encoding != "utf-8" && encoding != "utf8") {
    converter_ = std::make_unique<Converter>(encoding == "utf-16" ? "utf-16le" : iconv_name(encoding), "utf-8");
    std::string head = converter_->head();
    if (begins) head_ = std::move(head);
  }
  const bool mark = encoding == "utf-16" || context.config().boolean("/bom");
  if (mark && begins) buffer_.append(kByteOrderMark.data(), kByteOrderMark.size());
  stored.same(input);
  if (options_.header && begins) write_header();
}

// Which bytes put a text in quotes, and what may be written without a look at them.
void CsvEncoder::find_special() {
  const Dialect& dialect = options_.dialect;
  for (int byte = 0; byte < 256; ++byte) special_[byte] = false;
  for (const char byte : {dialect.marks.delimiter, dialect.marks.quote, '\n', '\r'})
    special_[static_cast<unsigned char>(byte)] = true;
  if (dialect.escape != 0) special_[static_cast<unsigned char>(dialect.escape)] = true;
  // A file of one column shows no delimiter: whoever looks for one must not find another's.
  const bool alone = columns_.size() == 1;
  for (const char byte : {',', ';', '\t', '|'}) {
    if (alone) special_[static_cast<unsigned char>(byte)] = true;
  }
  simple_ = !alone && dialect.plain() && dialect.marks.quote != kNoQuote && !options_.protect_formulas &&
            !options_.quote_all && options_.nulls.empty();
  // A number or a date could hold the delimiter, if someone chose "-" or "1".
  constexpr std::string_view kInValues = "0123456789+-.:TZ abcdefghijklmnopqrstuvwxyzINE";
  const auto in_values = [&](char mark) { return mark != 0 && kInValues.find(mark) != std::string_view::npos; };
  plain_values_ = !in_values(dialect.marks.delimiter) && !in_values(dialect.marks.quote) &&
                  !in_values(dialect.escape) && !in_values(dialect.comment) && !options_.quote_all &&
                  options_.numbers.decimal == '.' && options_.nulls.empty();
}

void CsvEncoder::write_header() {
  char* to = buffer_.as<char>() + buffer_.size();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string& name = options_.columns.empty() ? columns_[i].name : options_.columns[i];
    to = room(to, 2 * name.size() + kMaxFixed);
    if (i > 0) *to++ = options_.dialect.marks.delimiter;
    const bool no_quote = options_.dialect.marks.quote == kNoQuote;
    if (name.empty() && no_quote && columns_.size() > 1) continue;  // the reader gives it one
    // In quotes also what would be taken for a byte order mark.
    const bool mark = i == 0 && byte_order_mark(name) > 0 && !no_quote;
    to = mark ? put_quoted(to, name) : put_text(to, name, nullptr);
    if (to == nullptr) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected names that can be written without quotes, found " + quoted_for_message(name))
          .column(name)
          .hint("set `quote` or `escape`, or name the columns with `columns`");
    }
  }
  to = put_line_end(to);
  buffer_.resize(static_cast<std::size_t>(to - buffer_.as<char>()));
}

char* CsvEncoder::put_line_end(char* to) const {
  std::memcpy(to, options_.line_end.data(), options_.line_end.size());
  return to + options_.line_end.size();
}

void CsvEncoder::write_out() {
  if (buffer_.size() == 0 && head_.empty()) return;
  if (converter_ == nullptr)
    output_.write(buffer_.data(), buffer_.size());
  else
    write_encoded({buffer_.as<char>(), buffer_.size()});
  buffer_.resize(0);
}

void CsvEncoder::write_encoded(std::string_view text) {
  std::string encoded = std::exchange(head_, std::string());
  std::size_t taken = 0;
  if (converter_->convert(text, encoded, taken) != Converter::End::all) {
    const std::string_view rest = text.substr(taken, 4);
    const std::size_t next = std::min(rest.find_first_of("\n\r,"), rest.size());
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                  "expected text that the encoding can say, found " + quoted_for_message(rest.substr(0, next)))
        .option("/encoding")
        .hint("write utf-8, or utf-16; both can say everything");
  }
  output_.write(encoded.data(), encoded.size());
}

// Makes room for `bytes` behind `to`, growing the buffer.
char* CsvEncoder::room(char* to, std::size_t bytes) {
  const auto used = static_cast<std::size_t>(to - buffer_.as<char>());
  if (used + bytes + kSlack <= buffer_.capacity()) return to;
  buffer_.resize(used);
  buffer_.reserve(used + bytes + kSlack);
  return buffer_.as<char>() + used;
}

char* CsvEncoder::put_quoted(char* to, std::string_view text) const {
  const char quote = options_.dialect.marks.quote, escape = options_.dialect.escape;
  const char before_quote = escape != 0 ? escape : quote;
  *to++ = quote;
  for (const char byte : text) {
    if (byte == quote) *to++ = before_quote;
    if (byte == escape && escape != 0) *to++ = escape;
    *to++ = byte;
  }
  *to++ = quote;
  return to;
}

// Writes a text where there is no quote: with escapes, or not at all (null) if it would be read as something else.
char* CsvEncoder::put_escaped(char* to, std::string_view text) const {
  const Dialect& dialect = options_.dialect;
  if (text.empty()) return nullptr;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool blank = dialect.trim && (text[i] == ' ' || text[i] == '\t') && (i == 0 || i + 1 == text.size());
    const bool comment = i == 0 && text[i] == dialect.comment && dialect.comment != 0;
    if (special_[static_cast<unsigned char>(text[i])] || blank || comment) {
      if (dialect.escape == 0) return nullptr;
      *to++ = dialect.escape;
    }
    *to++ = text[i];
  }
  return to;
}

// What a spreadsheet would run begins with one of these.
bool CsvEncoder::is_formula(std::string_view text) const {
  return options_.protect_formulas && !text.empty() &&
         std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
}

bool CsvEncoder::needs_quotes(std::string_view text) const {
  const Dialect& dialect = options_.dialect;
  if (text.empty() || options_.quote_all) return true;
  if (dialect.comment != 0 && text[0] == dialect.comment) return true;
  const auto blank = [](char byte) { return byte == ' ' || byte == '\t'; };
  if (dialect.trim && (blank(text.front()) || blank(text.back()))) return true;
  return std::any_of(text.begin(), text.end(), [&](char byte) { return special_[static_cast<unsigned char>(byte)]; });
}

// Writes a text, in quotes where it must be: with a delimiter, quote, CR or LF in it, and the empty one, which without
// them would be a null. Up to `safe` bytes can be read. Precondition: there is room for twice its length.
char* CsvEncoder::put_text(char* to, std::string_view text, const char* safe) const {
#if defined(__SSE2__)
  if (text.data() + 32 <= safe && text.size() <= 32 && !text.empty()) {
    const __m128i delimiter = _mm_set1_epi8(options_.dialect.marks.delimiter),
                  quote = _mm_set1_epi8(options_.dialect.marks.quote);
    const __m128i newline = _mm_set1_epi8('\n'), carriage = _mm_set1_epi8('\r');
    std::uint32_t found = 0;
    for (unsigned i = 0; i < 32; i += 16) {
      __m128i part;
      std::memcpy(&part, text.data() + i, 16);
      std::memcpy(to + i, &part, 16);
      const __m128i hits = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, delimiter), _mm_cmpeq_epi8(part, quote)),
                                        _mm_or_si128(_mm_cmpeq_epi8(part, newline), _mm_cmpeq_epi8(part, carriage)));
      found |= static_cast<std::uint32_t>(_mm_movemask_epi8(hits)) << i;
    }
    if ((found << (32 - text.size())) == 0) return to + text.size();
    return put_quoted(to, text);
  }
#else
  static_cast<void>(safe);
#endif
  if (is_formula(text)) {
    const std::string shown = "'" + std::string(text);
    return options_.dialect.marks.quote == kNoQuote ? put_escaped(to, shown) : put_quoted(to, shown);
  }
  if (options_.dialect.marks.quote == kNoQuote) return put_escaped(to, text);
  if (needs_quotes(text)) return put_quoted(to, text);
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* CsvEncoder::put_hex(char* to, std::string_view bytes) {
  to = room(to, 2 * bytes.size() + kMaxFixed);
  const char* const begin = to;
  for (const char byte : bytes) {
    *to++ = kHex[static_cast<unsigned char>(byte) >> 4U];
    *to++ = kHex[static_cast<unsigned char>(byte) & 15U];
  }
  if (reads_null(options_, {begin, 2 * bytes.size()})) return nullptr;
  return bytes.empty() ? put_text(to, bytes, nullptr) : to;
}

// Writes a value; null if it has no text. Null values are empty.
char* CsvEncoder::put_value(char* to, const WrittenColumn& column, std::int64_t row) {
  to = room(to, kMaxFixed);
  if (!column.validity.valid(row)) return to;
  if (!column.values.empty()) return put_value(to, column.values[0], index_of(column, row));
  if (is_text(column.kind)) {
    const std::string_view text = text_at(column, row);
    if (!options_.nulls.empty() && !is_formula(text) && reads_null(options_, text)) return nullptr;
    return put_text(room(to, 2 * text.size() + kMaxFixed), text, simple_ ? column.safe : nullptr);
  }
  if (is_bytes(column.kind)) return put_hex(to, text_at(column, row));
  char* const end = put_plain(to, column, row);
  if (plain_values_ || end == nullptr || end == to) return end;
  char copy[kMaxFixed];
  std::copy(to, end, copy);
  const std::string_view value(copy, static_cast<std::size_t>(end - to));
  const bool real = column.kind >= Type::float16 && column.kind <= Type::decimal256;
  if (real) std::replace(copy, copy + value.size(), '.', options_.numbers.decimal);
  if (reads_null(options_, value)) return nullptr;
  if (options_.dialect.marks.quote == kNoQuote) return put_escaped(to, value);
  if (needs_quotes(value)) return put_quoted(to, value);
  return std::copy(value.begin(), value.end(), to);
}

void CsvEncoder::reject(std::int64_t row, const WrittenColumn& column, const Next& next) {
  const bool indexed = !column.values.empty();
  const WrittenColumn& leaf = indexed ? column.values[0] : column;
  const std::int64_t at = indexed ? index_of(column, row) : row;
  char number[kMaxFixed];
  char* const end = is_text(leaf.kind) || is_bytes(leaf.kind) ? number : put_plain(number, leaf, at);
  if (end == nullptr) {
    next.reject(
        rejected_row(row, column.name, "out of range", "expected a time in the years 0001 to 9999, found one outside"));
    return;
  }
  std::string text(number, end);
  if (is_text(leaf.kind)) text = text_at(leaf, at);
  if (is_bytes(leaf.kind)) text = in_hex(text_at(leaf, at));
  const bool real = leaf.kind >= Type::float16 && leaf.kind <= Type::decimal256;
  if (real) std::replace(text.begin(), text.end(), '.', options_.numbers.decimal);
  const std::string found = ", found " + quoted_for_message(text);
  if (reads_null(options_, text)) {
    next.reject(
        rejected_row(row, column.name, "would be read as null", "expected a value that is none of nulls" + found));
    return;
  }
  if (text.empty()) {
    next.reject(rejected_row(row, column.name, "would be read as null",
                             "expected a text that is not empty, for `quote` is none" + found));
    return;
  }
  const bool marked =
      std::any_of(text.begin(), text.end(), [&](char byte) { return special_[static_cast<unsigned char>(byte)]; });
  const bool comment = options_.dialect.comment != 0 && text[0] == options_.dialect.comment;
  const char* const without = marked    ? "a value without delimiters and line breaks"
                              : comment ? "a value that does not begin as a comment"
                                        : "a value without blanks around it, for `trim` leaves them away";
  next.reject(
      rejected_row(row, column.name, "can't be written without quotes",
                   std::string("expected ") + without + ", for `quote` is none and there is no `escape`" + found));
}

void CsvEncoder::encode(Batch& batch, const Next& next) {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    columns_[i].bind(batch.column(static_cast<std::int64_t>(i)), batch.outer());
  char* to = buffer_.as<char>() + buffer_.size();
  for (std::int64_t row = 0; row < batch.length(); ++row) {
    const auto start = static_cast<std::size_t>(to - buffer_.as<char>());
    const WrittenColumn* wrong = nullptr;
    for (const WrittenColumn& column : columns_) {
      to = put_value(to, column, row);
      if (to == nullptr) {
        wrong = &column;
        break;
      }
      *to++ = options_.dialect.marks.delimiter;
    }
    if (wrong != nullptr) {
      to = buffer_.as<char>() + start;
      reject(row, *wrong, next);
      continue;
    }
    if (!columns_.empty()) --to;
    to = put_line_end(to);
    const auto used = static_cast<std::size_t>(to - buffer_.as<char>());
    if (used < kWriteBytes) continue;
    buffer_.resize(used);
    write_out();
    to = buffer_.as<char>();
  }
  buffer_.resize(static_cast<std::size_t>(to - buffer_.as<char>()));
}

}  // namespace weir::csv
