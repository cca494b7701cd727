// Kernels of conversions: read a value, try to keep it.
#include "convert.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "../expr/naive_zone.hpp"
#include "limits.hpp"

namespace weir::validate {
namespace {

// Validity of what is made: that of the column, without the rows that could not be kept.
class KeptRows {
 public:
  explicit KeptRows(const ColumnView& column)
      : rows_(column.rows),
        validity_(column.array->n_buffers == 0 ? Validity() : Validity(*column.array, column.outer)) {}
  bool valid(std::int64_t row) const { return validity_.valid(row); }
  void lose(std::int64_t row) {
    begin();
    auto& byte = bits_.data()[row / 8];
    const auto mask = static_cast<std::uint8_t>(1U << (static_cast<std::uint64_t>(row) % 8));
    byte = static_cast<std::uint8_t>(byte & ~mask);
  }
  // The buffer (empty: all valid); sets the count of nulls.
  Buffer finish(std::int64_t& nulls) {
    nulls = 0;
    if (!validity_.all()) begin();
    if (bits_.size() == 0) return {};
    for (std::int64_t row = 0; row < rows_; ++row) nulls += (bits_.data()[row / 8] >> (row % 8) & 1) == 0 ? 1 : 0;
    return std::move(bits_);
  }

 private:
  void begin() {
    if (bits_.size() != 0) return;
    bits_.resize(static_cast<std::size_t>(rows_ + 7) / 8);
    std::memset(bits_.data(), 0xFF, bits_.size());
    if (validity_.all()) return;
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (!validity_.valid(row))
        bits_.data()[row / 8] = static_cast<std::uint8_t>(bits_.data()[row / 8] & ~(1U << (row % 8)));
    }
  }

  std::int64_t rows_;
  Validity validity_;
  Buffer bits_;
};

// Readers give the value of a row; kernels keep it as a To, or say false.
template <class T>
struct Numbers {
  explicit Numbers(const ColumnView& column) : values(*column.array, column.outer) {}
  T operator[](Word row) const { return values[row]; }
  NumberColumn<T> values;
};

template <class Column>
struct Texts {
  explicit Texts(const ColumnView& column) : values(*column.array, column.outer) {}
  std::string_view operator[](Word row) const { return values[row]; }
  Column values;
};

struct Decimals {
  explicit Decimals(const ColumnView& column)
      : data(static_cast<const char*>(column.array->buffers[1]) + 16 * (column.array->offset + column.outer)) {}
  Int128 operator[](Word row) const {
    Int128 value = 0;
    std::memcpy(&value, data + 16 * row, 16);
    return value;
  }
  const char* data;
};

template <class Reader, class To, class Kernel>
class ToFixed final : public Conversion {
 public:
  ToFixed(Problem problem, Kernel kernel) : problem_(std::move(problem)), kernel_(std::move(kernel)) {}

  Array run(const ColumnView& column, Findings& findings) const override {
    const Reader reader(column);
    KeptRows kept(column);
    std::vector<Buffer> buffers(2);
    buffers[1].resize(sizeof(To) * static_cast<std::size_t>(column.rows));
    To* to = buffers[1].as<To>();
    for (Word row = 0; row < column.rows; ++row) {
      to[row] = To{};
      if (!kept.valid(row) || kernel_(reader[row], to[row])) continue;
      to[row] = To{};
      kept.lose(row);
      findings.add(row, problem_);
    }
    Word nulls = 0;
    buffers[0] = kept.finish(nulls);
    return make_array(column.rows, nulls, std::move(buffers));
  }
  const Problem& problem() const override { return problem_; }

 private:
  Problem problem_;
  Kernel kernel_;
};

template <class Reader, class To, class Kernel>
std::unique_ptr<const Conversion> to_fixed(Problem problem, Kernel kernel) {
  return std::make_unique<ToFixed<Reader, To, Kernel>>(std::move(problem), std::move(kernel));
}

template <class Reader>
class ToBoolean final : public Conversion {
 public:
  explicit ToBoolean(Problem problem) : problem_(std::move(problem)) {}

  Array run(const ColumnView& column, Findings& findings) const override {
    const Reader reader(column);
    const KeptRows kept(column);
    BooleanBuilder builder;
    for (Word row = 0; row < column.rows; ++row) {
      bool value = false;
      if (!kept.valid(row)) {
        builder.append_null();
      } else if (read(reader[row], value)) {
        builder.append(value);
      } else {
        builder.append_null();
        findings.add(row, problem_);
      }
    }
    return builder.finish();
  }
  const Problem& problem() const override { return problem_; }

 private:
  static bool read(std::string_view text, bool& value) {
    const auto is = [text](std::string_view word) {
      if (text.size() != word.size()) return false;
      for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != word[i]) return false;
      }
      return true;
    };
    value = is("true");
    return value || is("false");
  }

  Problem problem_;
};

// Every value has a text but dates and times beyond the calendar.
template <class Reader, class Write>
class ToText final : public Conversion {
 public:
  ToText(Problem problem, Write write) : problem_(std::move(problem)), write_(std::move(write)) {}

  Array run(const ColumnView& column, Findings& findings) const override {
    const Reader reader(column);
    const KeptRows kept(column);
    TextBuilder builder;
    char room[text::kMaxDecimal];
    for (Word row = 0; row < column.rows; ++row) {
      const char* end = kept.valid(row) ? write_(room, reader[row]) : nullptr;
      if (end != nullptr) {
        builder.append({room, static_cast<std::size_t>(end - room)});
      } else {
        builder.append_null();
        if (kept.valid(row)) findings.add(row, problem_);
      }
    }
    return builder.finish();
  }
  const Problem& problem() const override { return problem_; }

 private:
  Problem problem_;
  Write write_;
};

template <class Reader, class Write>
std::unique_ptr<const Conversion> to_text(Problem problem, Write write) {
  return std::make_unique<ToText<Reader, Write>>(std::move(problem), std::move(write));
}

// Calls made(T{}) for the integer type `type`; nothing for others.
template <class Made>
std::unique_ptr<const Conversion> with_integer(Type type, Made&& made) {
  switch (type) {
    case Type::int8: return made(std::int8_t{});
    case Type::uint8: return made(std::uint8_t{});
    case Type::int16: return made(std::int16_t{});
    case Type::uint16: return made(std::uint16_t{});
    case Type::int32: return made(std::int32_t{});
    case Type::uint32: return made(std::uint32_t{});
    case Type::int64: return made(std::int64_t{});
    case Type::uint64: return made(std::uint64_t{});
    default: return nullptr;
  }
}

// Texts as timestamps of a type. Threads: one caller at a time.
class TimestampReader {
 public:
  explicit TimestampReader(const ColumnType& type)
      : info_(type.info()), zoned_(!info_.zone.empty()), naive_(expr::Zone::named(type.naive_zone)) {}

  bool read(std::string_view text, Word& value) const {
    text::ReadTimestamp read;
    if (!text::parse_timestamp(text.data(), text.data() + text.size(), read)) return false;
    const bool says_zone = read.spelling.zone != text::Spelling::Zone::none;
    if (!says_zone && zoned_ && naive_) {
      read.seconds = naive_->instant_of(read.seconds);
    } else if (says_zone != zoned_) {
      return false;
    }
    return text::to_unit(read, info_.unit, value);
  }

 private:
  TypeInfo info_;
  bool zoned_;
  std::optional<expr::Zone> naive_;
};

template <class Reader>
std::unique_ptr<const Conversion> from_text(Problem problem, const ColumnType& type) {
  const TypeInfo info = type.info();
  if (is_integer(info.type) && info.type != Type::uint64) {
    return with_integer(info.type, [&]<class T>(T) {
      return to_fixed<Reader, T>(problem, [](std::string_view text, T& value) {
        Word word = 0;
        if (!text::parse_int64(text.data(), text.data() + text.size(), word)) return false;
        value = static_cast<T>(word);
        return std::in_range<T>(word);
      });
    });
  }
  const auto fixed = [&]<class T, class Kernel>(T, const Kernel& kernel) {
    return to_fixed<Reader, T>(problem, kernel);
  };
  switch (info.type) {
    case Type::boolean: return std::make_unique<ToBoolean<Reader>>(std::move(problem));
    case Type::uint64:
      return fixed(std::uint64_t{}, [](std::string_view text, std::uint64_t& value) {
        return text::parse_uint64(text.data(), text.data() + text.size(), value);
      });
    case Type::float32:
      return fixed(float{}, [](std::string_view text, float& value) {
        return text::parse_float(text.data(), text.data() + text.size(), value);
      });
    case Type::float64:
      return fixed(double{}, [](std::string_view text, double& value) {
        return text::parse_double(text.data(), text.data() + text.size(), value);
      });
    case Type::decimal128:
      return fixed(Int128{}, [precision = info.precision, scale = info.scale](std::string_view text, Int128& value) {
        return text::parse_decimal(text.data(), text.data() + text.size(), precision, scale, value);
      });
    case Type::date32:
      return fixed(std::int32_t{}, [](std::string_view text, std::int32_t& value) {
        return text::parse_date(text.data(), text.data() + text.size(), value);
      });
    case Type::time32:
      return fixed(std::int32_t{}, [unit = info.unit](std::string_view text, std::int32_t& value) {
        Word word = 0;
        if (!text::parse_time(text.data(), text.data() + text.size(), unit, word)) return false;
        value = static_cast<std::int32_t>(word);
        return true;
      });
    case Type::time64:
      return fixed(Word{}, [unit = info.unit](std::string_view text, Word& value) {
        return text::parse_time(text.data(), text.data() + text.size(), unit, value);
      });
    case Type::timestamp:
      return fixed(Word{}, [reader = TimestampReader(type)](std::string_view text, Word& value) {
        return reader.read(text, value);
      });
    default: return nullptr;
  }
}

// Integers: to other integers if they fit, to doubles if exact, to decimals if they fit, to text.
template <class From>
std::unique_ptr<const Conversion> from_integer(Problem problem, const ColumnType& type) {
  using Reader = Numbers<From>;
  const TypeInfo info = type.info();
  if (is_integer(info.type)) {
    problem.reason = "out of range";
    return with_integer(info.type, [&]<class T>(T) {
      return to_fixed<Reader, T>(problem, [](From value, T& result) {
        result = static_cast<T>(value);
        return std::in_range<T>(value);
      });
    });
  }
  if (info.type == Type::float64) {
    problem.reason = "not exact";
    return to_fixed<Reader, double>(problem, [](From value, double& result) {
      result = static_cast<double>(value);
      return static_cast<Int128>(result) == static_cast<Int128>(value);
    });
  }
  if (info.type == Type::decimal128) {
    problem.reason = "out of range";
    const Int128 limit = power_of_ten(info.precision - info.scale), factor = power_of_ten(info.scale);
    return to_fixed<Reader, Int128>(problem, [limit, factor](From value, Int128& result) {
      const auto wide = static_cast<Int128>(value);
      if (wide >= limit || wide <= -limit) return false;
      result = wide * factor;
      return true;
    });
  }
  if (info.type != Type::utf8) return nullptr;
  return to_text<Reader>(problem, [](char* to, From value) {
    if constexpr (std::is_unsigned_v<From>) {
      return text::write_uint64(to, value);
    } else {
      return text::write_int64(to, value);
    }
  });
}

template <class From>
std::unique_ptr<const Conversion> from_real(Problem problem, const ColumnType& type) {
  using Reader = Numbers<From>;
  const TypeInfo info = type.info();
  if (is_integer(info.type)) {
    const auto limits = limits_of(info.type);
    return with_integer(info.type, [&, least = limits.first, most = limits.second]<class T>(T) {
      return to_fixed<Reader, T>(problem, [least, most](From value, T& result) {
        if (!(value >= static_cast<From>(-1e19) && value <= static_cast<From>(2e19)) || value != std::trunc(value))
          return false;
        const auto wide = static_cast<Int128>(value);
        result = static_cast<T>(wide);
        return wide >= least && wide <= most;
      });
    });
  }
  if (info.type == Type::float64) {
    return to_fixed<Reader, double>(problem, [](From value, double& result) {
      result = static_cast<double>(value);
      return true;
    });
  }
  if (info.type == Type::float32) {
    problem.reason = "not exact";
    return to_fixed<Reader, float>(problem, [](From value, float& result) {
      result = static_cast<float>(value);
      return static_cast<double>(result) == static_cast<double>(value) || std::isnan(value);
    });
  }
  if (info.type != Type::utf8) return nullptr;
  return to_text<Reader>(problem, [](char* to, From value) {
    if constexpr (std::is_same_v<From, float>) {
      return text::write_float(to, value);
    } else {
      return text::write_double(to, value);
    }
  });
}

std::unique_ptr<const Conversion> from_decimal(Problem problem, const TypeInfo& from, const ColumnType& type) {
  const TypeInfo info = type.info();
  if (from.scale < 0) return nullptr;
  const Int128 factor = power_of_ten(from.scale);
  if (is_integer(info.type)) {
    const auto limits = limits_of(info.type);
    return with_integer(info.type, [&, least = limits.first, most = limits.second]<class T>(T) {
      return to_fixed<Decimals, T>(problem, [factor, least, most](Int128 value, T& result) {
        const Int128 whole = value / factor;
        result = static_cast<T>(whole);
        return value % factor == 0 && whole >= least && whole <= most;
      });
    });
  }
  if (info.type == Type::decimal128) {
    problem.reason = "out of range";
    const Int128 limit = power_of_ten(info.precision);
    const Int128 up = power_of_ten(std::max(0, info.scale - from.scale)),
                 down = power_of_ten(std::max(0, from.scale - info.scale));
    return to_fixed<Decimals, Int128>(problem, [up, down, limit](Int128 value, Int128& result) {
      if (value % down != 0 || __builtin_mul_overflow(value / down, up, &result)) return false;
      return result < limit && result > -limit;
    });
  }
  if (info.type != Type::utf8) return nullptr;
  return to_text<Decimals>(
      problem, [scale = from.scale](char* to, Int128 value) { return text::write_decimal(to, value, scale); });
}

// Dates and timestamps: whole days and units, with the same zone or none.
template <class From>
std::unique_ptr<const Conversion> from_moment(Problem problem, const ArrowSchema& field, const ColumnType& type) {
  using Reader = Numbers<From>;
  const TypeInfo from = type_of(field), to = type.info();
  if (to.type == Type::utf8) {
    if (from.type == Type::timestamp) {
      return to_text<Reader>(problem, [unit = from.unit, spelling = text::spelling_of(field)](char* room, From value) {
        return text::write_timestamp(room, value, unit, spelling);
      });
    }
    if (from.type == Type::date32)
      return to_text<Reader>(
          problem, [](char* room, From value) { return text::write_date(room, static_cast<std::int32_t>(value)); });
    return to_text<Reader>(problem,
                           [unit = from.unit](char* room, From value) { return text::write_time(room, value, unit); });
  }
  const bool moments = (from.type == Type::date32 || from.type == Type::timestamp) &&
                       (to.type == Type::date32 || to.type == Type::timestamp);
  if (!moments || from.zone != to.zone) return nullptr;
  const auto units = [](const TypeInfo& info) {
    return info.type == Type::date32 ? 1 : kSecondsOfDay * per_second(info.unit);
  };
  const Word times = units(to) / units(from), parts = units(from) / units(to);
  problem.reason = "not exact";
  const auto kernel = [times, parts](From value, auto& result) {
    Word word = 0;
    if (times >= 1 ? __builtin_mul_overflow(static_cast<Word>(value), times, &word) : value % parts != 0) return false;
    if (times < 1) word = floor_divide(value, parts);
    using Result = std::remove_reference_t<decltype(result)>;
    result = static_cast<Result>(word);
    return std::in_range<Result>(word);
  };
  if (to.type == Type::date32) return to_fixed<Reader, std::int32_t>(problem, kernel);
  return to_fixed<Reader, Word>(problem, kernel);
}

}  // namespace

std::unique_ptr<const Conversion> conversion(Subject subject, const ArrowSchema& field, const ColumnType& type) {
  const TypeInfo from = type_of(field);
  Problem problem{subject, std::string(reason_for(type.info().type)), type.name};
  switch (from.type) {
    case Type::utf8: return from_text<Texts<TextColumn>>(std::move(problem), type);
    case Type::large_utf8: return from_text<Texts<LargeTextColumn>>(std::move(problem), type);
    case Type::utf8_view: return from_text<Texts<ViewColumn>>(std::move(problem), type);
    case Type::float32: return from_real<float>(std::move(problem), type);
    case Type::float64: return from_real<double>(std::move(problem), type);
    case Type::decimal128: return from_decimal(std::move(problem), from, type);
    case Type::date32:
    case Type::time32: return from_moment<std::int32_t>(std::move(problem), field, type);
    case Type::time64:
    case Type::timestamp: return from_moment<Word>(std::move(problem), field, type);
    default: return with_integer(from.type, [&]<class T>(T) { return from_integer<T>(problem, type); });
  }
}

bool read_value(std::string_view text, const ColumnType& type, Bound& value) {
  const TypeInfo info = type.info();
  const char *begin = text.data(), *end = text.data() + text.size();
  std::int32_t days = 0;
  switch (info.type) {
    case Type::float32:
    case Type::float64: return text::parse_double(begin, end, value.real);
    case Type::decimal128: return text::parse_decimal(begin, end, 38, info.scale, value.wide);
    case Type::time32:
    case Type::time64: return text::parse_time(begin, end, info.unit, value.word);
    case Type::date32:
    case Type::date64:
      if (!text::parse_date(begin, end, days)) return false;
      value.word = info.type == Type::date32 ? Word{days} : Word{days} * kSecondsOfDay * 1000;
      return true;
    case Type::timestamp:
      if (TimestampReader(type).read(text, value.word)) return true;
      if (!text::parse_date(begin, end, days)) return false;
      return !__builtin_mul_overflow(Word{days} * kSecondsOfDay, per_second(info.unit), &value.word);
    case Type::uint64: {
      std::uint64_t read = 0;
      if (!text::parse_uint64(begin, end, read)) return false;
      value.wide = static_cast<Int128>(read);
      return true;
    }
    default: return is_integer(info.type) && text::parse_int64(begin, end, value.word);
  }
}

}  // namespace weir::validate
