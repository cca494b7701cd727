// Columns: one loop a type over the fields of a column. What is usual (a plain value, nothing between the delimiters)
// stays in the loop; quotes, null words and spellings of declared types go through settle().
#include "columns.hpp"

#include <algorithm>
#include <cstring>

#include "values.hpp"

namespace weir::csv {
namespace {

// Collects which rows are valid, a word of 64 at a time.
class Bits {
 public:
  explicit Bits(std::size_t rows) : buffer_((rows + 63) / 64 * 8) { buffer_.resize((rows + 63) / 64 * 8); }
  void add(bool set) {
    word_ |= std::uint64_t{set} << (count_ & 63U);
    if ((++count_ & 63U) == 0) flush();
  }
  std::int64_t ones() const { return ones_ + std::popcount(word_); }
  Buffer finish() {
    if ((count_ & 63U) != 0) flush();
    return std::move(buffer_);
  }

 private:
  void flush() {
    ones_ += std::popcount(word_);
    if constexpr (std::endian::native == std::endian::big) word_ = __builtin_bswap64(word_);
    std::memcpy(buffer_.data() + (count_ - 1) / 64 * 8, &word_, 8);
    word_ = 0;
  }

  Buffer buffer_;
  std::uint64_t word_ = 0;
  std::size_t count_ = 0;
  std::int64_t ones_ = 0;
};

enum class Settled { value, null, bad };

bool is_null_word(const std::vector<std::string>& nulls, std::string_view text) {
  return std::any_of(nulls.begin(), nulls.end(), [&](const auto& word) { return word == text; });
}

// Rewrites the spellings that a declared number may have besides JSON's: "+1", "007", ".5", "1.".
std::string plain_number(std::string_view text) {
  std::string plain;
  if (text.size() > 1 && text[0] == '-') plain = "-";
  if (text.size() > 1 && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty() || text[0] == '-' || text[0] == '+') return "";
  while (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') text.remove_prefix(1);
  if (text[0] == '.' && text.size() > 1) plain += '0';
  if (text.back() == '.' && text.size() > 1) text.remove_suffix(1);
  return plain.append(text);
}

template <class T, class Read>
bool read_declared(std::string_view text, T& value, const Read& read) {
  if constexpr (std::is_same_v<Read, ReadBoolean>) {
    std::string folded(text);
    for (char& byte : folded) byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte;
    value = folded == "true" || folded == "1" ? 1 : 0;
    return value != 0 || folded == "false" || folded == "0";
  } else if constexpr (std::is_floating_point_v<T>) {
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    if (text == "NaN" || text == "Infinity" || text == "-Infinity") {
      value = text == "NaN" ? std::numeric_limits<T>::quiet_NaN() : text[0] == '-' ? -kInfinity : kInfinity;
      return true;
    }
  }
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, Int128>) {
    const std::string plain = text.size() < 400 ? plain_number(text) : std::string();
    if constexpr (std::is_integral_v<T>) {
      if (plain == "-0") return value = 0, true;
    }
    return !plain.empty() && read(plain.data(), plain.data() + plain.size(), value);
  }
  return false;
}

constexpr bool is_number(Type type) { return type >= Type::int8 && type <= Type::decimal256; }

// Why a text is no timestamp of the column.
const char* timestamp_reason(const ColumnPlan& plan, std::string_view text) {
  text::ReadTimestamp read;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (plan.pattern != nullptr ? !plan.pattern->parse(begin, end, read) : !text::parse_timestamp(begin, end, read))
    return "not a timestamp";
  const bool zoned = read.spelling.zone != text::Spelling::Zone::none;
  if (zoned == plan.zoned) return "out of range";
  return zoned || plan.zone == nullptr ? "not a timestamp" : "out of range";
}

const char* reason_for(const ColumnPlan& plan, std::string_view text) {
  text::NumberText number;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const bool scans = is_number(plan.kind) && text::scan_number(begin, end, number);
  switch (plan.kind) {
    case Type::boolean: return "not true or false";
    case Type::date32: return "not a date";
    case Type::time64:
    case Type::time32: return "not a time";
    case Type::null: return "not null";
    case Type::binary: return "not hexadecimal";
    case Type::timestamp: return timestamp_reason(plan, text);
    case Type::float32:
    case Type::float64:
    case Type::decimal128: return scans ? "out of range" : "not a number";
    default: return scans && number.integer ? "out of range" : "not an integer";
  }
}

// A functor for texts that are not in the chunk: nothing may be read behind them.
template <class Read>
Read careful(Read read) {
  if constexpr (requires { read.safe; }) read.safe = nullptr;
  return read;
}

// Reads what the loop could not.
template <class T, class Read>
Settled settle(const ColumnPlan& plan, const Source& source, std::string_view field, const Read& quick, T& value,
               std::string& scratch) {
  const Read read = careful(quick);
  const std::string_view text = text_of(source.chunk, field, scratch);
  if (is_null_word(source.nulls, text)) return Settled::null;
  if (text.empty()) return Settled::bad;
  if (read(text.data(), text.data() + text.size(), value)) return Settled::value;
  return plan.declared && read_declared(text, value, read) ? Settled::value : Settled::bad;
}

// Calls each(begin, end) for field `field` of every record, [begin, end) its bytes in the chunk.
template <class Each>
inline void for_each_field(std::size_t field, const Source& source, Each&& each) {
  const char* const bytes = source.chunk.bytes.data();
  const bool last = field + 1 == source.width;
  for (const Run& run : source.runs) {
    const std::uint32_t* at = source.chunk.scan.index.data() + run.first_field + field;
    for (std::size_t i = 0; i < run.rows; ++i, at += source.width) {
      const std::uint32_t begin = at[0];
      std::uint32_t end = at[1] - 1;
      if (last && end > begin && bytes[end - 1] == '\r') --end;
      each(begin, end);
    }
  }
}

// Runs the loop of a type: each value goes to put(row, value).
template <class T, class Read, class Put>
void read_values(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad, const Read& read,
                 Bits& valid, Put&& put) {
  const char* const bytes = source.chunk.bytes.data();
  const bool words = !source.nulls.empty();
  std::string scratch;
  std::size_t row = 0;
  for_each_field(plan.field, source, [&](std::uint32_t begin, std::uint32_t end) {
    T value{};
    bool there = false;
    if (begin != end) {
      there = !words && read(bytes + begin, bytes + end, value);
      if (!there) [[unlikely]] {
        const std::string_view field(bytes + begin, end - begin);
        const Settled settled = settle(plan, source, field, read, value, scratch);
        if (settled == Settled::bad) {
          bad.push_back({row, &plan, reason_for(plan, text_of(source.chunk, field, scratch)), field});
        }
        there = settled == Settled::value;
        if (!there) value = T{};
      }
    }
    put(row, value);
    valid.add(there);
    ++row;
  });
}

Array finish(std::size_t rows, Bits& valid, std::vector<Buffer> rest) {
  const auto nulls = static_cast<std::int64_t>(rows) - valid.ones();
  std::vector<Buffer> buffers(1);
  if (nulls > 0) buffers[0] = valid.finish();
  for (auto& buffer : rest) buffers.push_back(std::move(buffer));
  return make_array(static_cast<std::int64_t>(rows), nulls, std::move(buffers));
}

template <class T, class Read>
Array make_numbers(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad, const Read& read) {
  std::vector<Buffer> rest(1);
  rest[0].resize(source.rows * sizeof(T));
  T* const values = rest[0].as<T>();
  Bits valid(source.rows);
  read_values<T>(plan, source, bad, read, valid, [values](std::size_t row, T value) { values[row] = value; });
  return finish(source.rows, valid, std::move(rest));
}

// Numbers, with the marks that they are written with.
template <class T, class Read>
Array make_marked(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad, const Read& read) {
  if (plan.numbers.usual()) return make_numbers<T>(plan, source, bad, read);
  return make_numbers<T>(plan, source, bad, Localized<Read>{plan.numbers, careful(read)});
}

Array make_timestamps(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  const ReadTimestampAs read{plan.unit, plan.zoned, plan.zone.get()};
  if (plan.pattern == nullptr) return make_numbers<std::int64_t>(plan, source, bad, read);
  return make_numbers<std::int64_t>(plan, source, bad, ReadPatternTimestamp{*plan.pattern, read});
}

Array make_dates(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  if (plan.pattern == nullptr) return make_numbers<std::int32_t>(plan, source, bad, ReadDate());
  return make_numbers<std::int32_t>(plan, source, bad, ReadPatternDate{*plan.pattern});
}

Array make_times(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  if (plan.pattern == nullptr) return make_numbers<std::int64_t>(plan, source, bad, ReadTime{plan.unit});
  return make_numbers<std::int64_t>(plan, source, bad, ReadPatternTime{*plan.pattern, plan.unit});
}

// A column that the file has not: its buffers are zeros, no value of it valid.
Array make_absent(const ColumnPlan& plan, std::size_t rows) {
  const auto length = static_cast<std::int64_t>(rows);
  if (plan.kind == Type::null) return make_array(length, length, {});
  const bool bytes = plan.kind == Type::utf8 || plan.kind == Type::binary;
  std::vector<Buffer> buffers(bytes ? 3 : 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t size = i == 0 ? (rows + 7) / 8 : (rows + 1) * sizeof(Int128);  // of the widest
    buffers[i].resize(size);
    std::memset(buffers[i].data(), 0, size);
  }
  return make_array(length, length, std::move(buffers));
}

Array make_booleans(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  Bits valid(source.rows), values(source.rows);
  read_values<std::uint8_t>(plan, source, bad, ReadBoolean(), valid,
                            [&](std::size_t, std::uint8_t value) { values.add(value != 0); });
  std::vector<Buffer> rest;
  rest.push_back(values.finish());
  return finish(source.rows, valid, std::move(rest));
}

std::size_t bytes_of(const ColumnPlan& plan, const Source& source) {
  std::size_t total = 0;
  for_each_field(plan.field, source, [&](std::uint32_t begin, std::uint32_t end) { total += end - begin; });
  return total;
}

// Copies `length` bytes; most texts are short, and 32 bytes are as quick as one where they can be touched.
inline void copy_text(char* to, const char* from, std::size_t length, const char* safe) {
  if (length <= 32 && from <= safe) [[likely]] {
    std::memcpy(to, from, 32);
  } else {
    std::memcpy(to, from, length);
  }
}

Array make_texts(const ColumnPlan& plan, const Source& source) {
  constexpr std::size_t kSlack = 32;
  const Chunk& chunk = source.chunk;
  const char* const bytes = chunk.bytes.data();
  const char* const safe = chunk.bytes.size() >= kSlack ? bytes + chunk.bytes.size() - kSlack : nullptr;
  std::vector<Buffer> rest(2);
  rest[0].resize((source.rows + 1) * sizeof(std::int32_t));
  rest[1].reserve(bytes_of(plan, source) + kSlack);
  Bits valid(source.rows);
  auto* offsets = rest[0].as<std::int32_t>();
  char* const data = rest[1].as<char>();
  char* to = data;
  const bool words = !source.nulls.empty();
  *offsets++ = 0;
  for_each_field(plan.field, source, [&](std::uint32_t begin, std::uint32_t end) {
    const char* const from = bytes + begin;
    bool there = begin != end;
    if (there) {
      char* const start = to;
      if (*from == chunk.marks.quote) {
        to = unquote(to, {from, end - begin}, chunk.marks.quote, chunk.base + begin);
      } else {
        copy_text(to, from, end - begin, safe);
        to += end - begin;
      }
      if (words && is_null_word(source.nulls, {start, static_cast<std::size_t>(to - start)})) {
        there = false;
        to = start;
      }
    }
    *offsets++ = static_cast<std::int32_t>(to - data);
    valid.add(there);
  });
  rest[1].resize(static_cast<std::size_t>(to - data));
  return finish(source.rows, valid, std::move(rest));
}

int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

// Binary columns are hexadecimal text: two digits a byte.
Array make_bytes(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  BytesBuilder<std::int32_t> builder;
  std::string scratch, value;
  std::size_t row = 0;
  for_each_field(plan.field, source, [&](std::uint32_t begin, std::uint32_t end) {
    const std::string_view field = source.chunk.bytes.substr(begin, end - begin);
    const std::string_view text = text_of(source.chunk, field, scratch);
    value.clear();
    bool fine = text.size() % 2 == 0;
    for (std::size_t i = 0; fine && i < text.size(); i += 2) {
      const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
      fine = high >= 0 && low >= 0;
      value += static_cast<char>(high * 16 + low);
    }
    const bool null = field.empty() || is_null_word(source.nulls, text);
    if (null || !fine)
      builder.append_null();
    else
      builder.append(value);
    if (!null && !fine) bad.push_back({row, &plan, "not hexadecimal", field});
    ++row;
  });
  return builder.finish();
}

Array make_nulls(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  std::string scratch;
  std::size_t row = 0;
  for_each_field(plan.field, source, [&](std::uint32_t begin, std::uint32_t end) {
    const std::string_view field = source.chunk.bytes.substr(begin, end - begin);
    if (!field.empty() && !is_null_word(source.nulls, text_of(source.chunk, field, scratch))) {
      bad.push_back({row, &plan, "not null", field});
    }
    ++row;
  });
  return make_array(static_cast<std::int64_t>(source.rows), static_cast<std::int64_t>(source.rows), {});
}

template <class T>
Array make_integers(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  const std::string_view bytes = source.chunk.bytes;
  return make_marked<T>(plan, source, bad,
                        ReadInteger<T>{bytes.size() >= 8 ? bytes.data() + bytes.size() - 8 : nullptr});
}

}  // namespace

ColumnPlan plan_of(const ArrowSchema& field, std::size_t position, bool declared) {
  const TypeInfo info = type_of(field);
  ColumnPlan plan;
  plan.name = field.name == nullptr ? "" : field.name;
  plan.type = type_name(field);
  plan.field = position;
  plan.kind = info.type;
  plan.unit = info.unit;
  plan.precision = info.precision;
  plan.scale = info.scale;
  plan.zoned = !info.zone.empty();
  plan.declared = declared;
  return plan;
}

Array make_column(const ColumnPlan& plan, const Source& source, std::vector<BadValue>& bad) {
  if (plan.absent) return make_absent(plan, source.rows);
  switch (plan.kind) {
    case Type::utf8: return make_texts(plan, source);
    case Type::int64: return make_integers<std::int64_t>(plan, source, bad);
    case Type::float64: return make_marked<double>(plan, source, bad, ReadDouble{!plan.declared});
    case Type::timestamp: return make_timestamps(plan, source, bad);
    case Type::date32: return make_dates(plan, source, bad);
    case Type::boolean: return make_booleans(plan, source, bad);
    case Type::int8: return make_integers<std::int8_t>(plan, source, bad);
    case Type::int16: return make_integers<std::int16_t>(plan, source, bad);
    case Type::int32: return make_integers<std::int32_t>(plan, source, bad);
    case Type::uint8: return make_integers<std::uint8_t>(plan, source, bad);
    case Type::uint16: return make_integers<std::uint16_t>(plan, source, bad);
    case Type::uint32: return make_integers<std::uint32_t>(plan, source, bad);
    case Type::uint64: return make_integers<std::uint64_t>(plan, source, bad);
    case Type::float32: return make_marked<float>(plan, source, bad, ReadFloat());
    case Type::decimal128: return make_marked<Int128>(plan, source, bad, ReadDecimal{plan.precision, plan.scale});
    case Type::time64: return make_times(plan, source, bad);
    case Type::binary: return make_bytes(plan, source, bad);
    case Type::null: return make_nulls(plan, source, bad);
    default: throw Failure(WEIR_UNIMPLEMENTED, WEIR_FAULT_PLUGIN, "no csv column of type " + plan.type);
  }
}

void check_quotes(std::size_t field, const Source& source) {
  std::string scratch;
  for_each_field(field, source, [&](std::uint32_t begin, std::uint32_t end) {
    text_of(source.chunk, source.chunk.bytes.substr(begin, end - begin), scratch);
  });
}

}  // namespace weir::csv
