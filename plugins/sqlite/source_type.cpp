#include "source_type.hpp"

#include <algorithm>
#include <array>

#include <weir/cpp/timestamp_guess.hpp>

#include "affinity.hpp"

namespace weir::sqlite {
namespace {

constexpr int kMaxPrecision = 38;

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

// Reads "(10,2)" or "(10)"; false if it is not that.
bool read_precision(std::string_view text, Declared& declared) {
  int* const numbers[] = {&declared.precision, &declared.scale};
  std::size_t number = 0, digits = 0;
  for (const char c : text.substr(1)) {
    if (c >= '0' && c <= '9' && ++digits <= 2) {
      *numbers[number] = *numbers[number] * 10 + (c - '0');
    } else if (c == ',' && digits > 0 && number == 0) {
      number = 1;
      digits = 0;
    } else if (c == ')') {
      return digits > 0 && declared.precision >= 1 && declared.precision <= kMaxPrecision &&
             declared.scale <= declared.precision;
    } else if (c != ' ') {
      return false;
    }
  }
  return false;
}

// What the values of an open column have been.
struct Seen {
  static constexpr std::size_t kNever = static_cast<std::size_t>(-1);
  std::array<std::size_t, 5> first{kNever, kNever, kNever, kNever,
                                   kNever};  // by Value::Kind: the row that had it first
  bool exact = true;                         // no integer that a double rounds
  bool unsigned_ids = true;                  // integers are not negative, texts are integers beyond int64
  bool dates = true, times = true, nanoseconds = false, timestamps = true;
  TimestampGuess guess;

  bool has(Value::Kind kind) const { return first[static_cast<std::size_t>(kind)] != kNever; }
  void add(const Value& value, std::size_t row) {
    auto& row_of_kind = first[static_cast<std::size_t>(value.kind)];
    if (row_of_kind == kNever) row_of_kind = row;
    if (value.kind == Value::Kind::integer) {
      exact = exact && value.integer >= -kLargestExact && value.integer <= kLargestExact;
      unsigned_ids = unsigned_ids && value.integer >= 0;
    } else if (value.kind == Value::Kind::text) {
      add_text(value.bytes);
    }
  }
  void add_text(std::string_view text) {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    std::int32_t day = 0;
    std::int64_t time = 0;
    std::uint64_t number = 0;
    unsigned_ids = unsigned_ids && text::parse_uint64(begin, end, number) && number > INT64_MAX;
    dates = dates && text::parse_date(begin, end, day);
    times = times && text::parse_time(begin, end, Unit::nano, time);
    nanoseconds = nanoseconds || (times && time % 1000 != 0);
    timestamps = timestamps && text.size() >= 19 && guess.add(text);
  }
};

const char* kind_name(Value::Kind kind) {
  constexpr const char* kNames[] = {"null", "integer", "real", "text", "blob"};
  return kNames[static_cast<std::size_t>(kind)];
}

[[noreturn]] void mixed(std::string_view name, const Seen& seen, Value::Kind one, Value::Kind other) {
  std::size_t first = seen.first[static_cast<std::size_t>(one)], then = seen.first[static_cast<std::size_t>(other)];
  if (then < first) {
    std::swap(one, other);
    std::swap(first, then);
  }
  const std::string column(name);
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_DATA,
                "column '" + column + "': expected values of one type, found " + kind_name(one) + " in row " +
                    std::to_string(first + 1) + " and " + kind_name(other) + " in row " + std::to_string(then + 1))
      .column(column)
      .hint("say which it is to be in a query: SELECT CAST(\"" + column + "\" AS TEXT) AS \"" + column + "\" FROM …");
}

Schema unseen_field(std::string_view name, Declared::Kind declared, bool whole) {
  switch (declared) {
    case Declared::Kind::date: return Schema::field("tdD", name);
    case Declared::Kind::time: return Schema::field("ttu", name);
    case Declared::Kind::timestamp: return Schema::field("tsu:", name);
    default: return Schema::field(whole ? "n" : "u", name);
  }
}

Schema text_field(std::string_view name, Declared::Kind declared, const Seen& seen) {
  if (declared == Declared::Kind::none) return Schema::field("u", name);
  // A column of dates may hold timestamps, and the reverse: SQLite's own functions read both.
  const bool moment = declared != Declared::Kind::time;
  if (moment && seen.dates) return Schema::field("tdD", name);
  if (moment && seen.timestamps) return seen.guess.field(name);
  if (!moment && seen.times) return Schema::field(seen.nanoseconds ? "ttn" : "ttu", name);
  return Schema::field("u", name);
}

Schema open_field(std::string_view name, Declared::Kind declared, const Seen& seen, bool whole) {
  using Kind = Value::Kind;
  const bool integers = seen.has(Kind::integer), reals = seen.has(Kind::real), texts = seen.has(Kind::text),
             blobs = seen.has(Kind::blob);
  if (!integers && !reals && !texts && !blobs) return unseen_field(name, declared, whole);
  if (blobs) {
    if (integers || reals || texts)
      mixed(name, seen, Kind::blob, texts ? Kind::text : integers ? Kind::integer : Kind::real);
    return Schema::field("z", name);
  }
  if (texts) {
    if (integers && !reals && seen.unsigned_ids) return Schema::field("L", name);
    if (integers || reals) mixed(name, seen, Kind::text, integers ? Kind::integer : Kind::real);
    return text_field(name, declared, seen);
  }
  if (!reals) return Schema::field("l", name);
  if (integers && !seen.exact) mixed(name, seen, Kind::integer, Kind::real);
  return Schema::field("g", name);
}

}  // namespace

Declared declared_as(std::string_view declaration) {
  using Kind = Declared::Kind;
  static constexpr std::pair<std::string_view, Kind> kNames[] = {
      {"JSON_TEXT", Kind::json},      {"UNSIGNED_BLOB", Kind::unsigned_integer},
      {"BOOLEAN", Kind::boolean},     {"BOOL", Kind::boolean},
      {"DATE", Kind::date},           {"TIME", Kind::time},
      {"TIMESTAMP", Kind::timestamp}, {"DATETIME", Kind::timestamp}};
  const std::string whole = upper(declaration);
  const std::size_t open = std::min(whole.find('('), whole.size());
  std::string_view name = std::string_view(whole).substr(0, open);
  while (name.ends_with(' ')) name.remove_suffix(1);
  for (const auto& [known, kind] : kNames) {
    if (name == known) return {kind};
  }
  const bool decimal = name == "DECIMAL_TEXT" || name == "DECIMAL" || name == "NUMERIC";
  Declared declared{Kind::decimal};
  if (decimal && open < whole.size() && read_precision(std::string_view(whole).substr(open), declared)) return declared;
  switch (affinity_of(declaration)) {
    case Affinity::integer: return {Kind::integer};
    case Affinity::text: return {Kind::text};
    case Affinity::real: return {Kind::real};
    case Affinity::none: return {declaration.empty() ? Kind::none : Kind::bytes};
    case Affinity::numeric: break;
  }
  return {};
}

Schema source_field(std::string_view name, const Declared& declared, const Sample& sample, std::size_t column,
                    bool whole) {
  switch (declared.kind) {
    case Declared::Kind::boolean: return Schema::field("b", name);
    case Declared::Kind::integer: return Schema::field("l", name);
    case Declared::Kind::unsigned_integer: return Schema::field("L", name);
    case Declared::Kind::real: return Schema::field("g", name);
    case Declared::Kind::text: return Schema::field("u", name);
    case Declared::Kind::json: return Schema::field("u", name, true, {{std::string(kExtensionKey), "arrow.json"}});
    case Declared::Kind::bytes: return Schema::field("z", name);
    case Declared::Kind::decimal:
      return Schema::field("d:" + std::to_string(declared.precision) + "," + std::to_string(declared.scale), name);
    default: break;
  }
  Seen seen;
  for (std::size_t row = 0; row < sample.rows(); ++row) seen.add(sample.at(row, column), row);
  return open_field(name, declared.kind, seen, whole);
}

Schema kept_to(Schema own, const ArrowSchema& expected) {
  const Type from = type_of(own.get()).type, to = type_of(expected).type;
  const bool plain = expected.n_children == 0 && expected.dictionary == nullptr &&
                     metadata_value(expected, kExtensionKey).empty() &&
                     metadata_value(own.get(), kExtensionKey).empty();
  const bool to_text = to == Type::utf8 && from != Type::binary && from != Type::boolean;
  const bool to_double = to == Type::float64 && from == Type::int64;
  const bool any = from == Type::null && (to == Type::int64 || to == Type::float64 || to == Type::utf8 ||
                                          to == Type::boolean || to == Type::binary);
  return plain && (to_text || to_double || any) ? Schema::field(expected.format, own->name) : std::move(own);
}

}  // namespace weir::sqlite
