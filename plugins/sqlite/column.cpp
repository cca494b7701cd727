#include "column.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "json.hpp"

namespace weir::sqlite {
namespace {

constexpr const char* kNotANumber = "NaN, for which SQLite keeps NULL";
constexpr const char* kNoText = "a date or time outside the years 0001 to 9999, or outside the day";
constexpr std::int64_t kMillisADay = 86400000;
constexpr const char* kJsonText = "JSON_TEXT";

}  // namespace

std::string declared_type(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return declared_type(*field.dictionary);
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::decimal128:
      return "DECIMAL_TEXT(" + std::to_string(info.precision) + "," + std::to_string(info.scale) + ")";
    case Type::boolean: return "BOOLEAN";
    case Type::int8:
    case Type::uint8:
    case Type::int16:
    case Type::uint16:
    case Type::int32:
    case Type::uint32:
    case Type::int64:
    case Type::duration: return "INTEGER";
    case Type::float16:
    case Type::float32:
    case Type::float64: return "REAL";
    case Type::binary:
    case Type::large_binary:
    case Type::binary_view:
    case Type::fixed_binary: return "BLOB";
    case Type::date32:
    case Type::date64: return "DATE";
    case Type::time32:
    case Type::time64: return "TIME";
    case Type::timestamp: return "TIMESTAMP";
    case Type::uint64: return "UNSIGNED_BLOB";
    case Type::null: return "";
    case Type::list:
    case Type::large_list:
    case Type::fixed_list:
    case Type::structure:
    case Type::map: return kJsonText;
    default: return metadata_value(field, kExtensionKey) == "arrow.json" ? kJsonText : "TEXT";
  }
}

Column::Column(const ArrowSchema& field) : field_(&field), info_(type_of(field)) {
  if (field.dictionary != nullptr) dictionary_ = std::make_unique<Column>(*field.dictionary);
  const bool decimal = info_.type == Type::decimal128 || info_.type == Type::decimal256;
  if (info_.type == Type::unknown || (decimal && std::abs(info_.scale) > kMaxScale)) {
    const std::string name = field.name == nullptr ? "" : field.name;
    throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                  "column '" + name + "': expected a type that SQLite can keep, found '" + field.format + "'")
        .column(name);
  }
  if (info_.type != Type::timestamp) return;
  spelling_ = text::spelling_of(field);
  // All with the digits of the unit, unless the source spelled them otherwise: so texts of one column sort as the times do.
  if (metadata_value(field, kSpellingKey).empty())
    spelling_.digits = static_cast<std::int8_t>(3 * static_cast<int>(info_.unit));
}

void Column::attach(const ArrowArray& array, std::int64_t outer) {
  array_ = &array;
  offset_ = array.offset + outer;
  validity_ = info_.type != Type::null && array.n_buffers > 0 && array.null_count != 0
                  ? static_cast<const std::uint8_t*>(array.buffers[0])
                  : nullptr;
  values_ = array.n_buffers > 1 ? array.buffers[1] : nullptr;
  if (dictionary_ != nullptr) dictionary_->attach(*array.dictionary, 0);
}

bool Column::valid(std::int64_t row) const {
  const auto bit = static_cast<std::uint64_t>(offset_ + row);
  return validity_ == nullptr || ((validity_[bit >> 3U] >> (bit & 7U)) & 1U) != 0;
}

template <class T>
T Column::number(std::int64_t row) const {
  return static_cast<const T*>(values_)[offset_ + row];
}

template <class Offset>
std::string_view Column::bytes(std::int64_t row) const {
  const Offset* offsets = static_cast<const Offset*>(values_) + offset_ + row;
  return {static_cast<const char*>(array_->buffers[2]) + offsets[0], static_cast<std::size_t>(offsets[1] - offsets[0])};
}

std::string_view Column::view(std::int64_t row) const { return ViewColumn(*array_, offset_ - array_->offset)[row]; }

Value Column::real(double value) const { return std::isnan(value) ? Value::refused(kNotANumber) : Value::of(value); }

std::int64_t Column::index(std::int64_t row) const {
  switch (info_.type) {
    case Type::int8: return number<std::int8_t>(row);
    case Type::uint8: return number<std::uint8_t>(row);
    case Type::int16: return number<std::int16_t>(row);
    case Type::uint16: return number<std::uint16_t>(row);
    case Type::int32: return number<std::int32_t>(row);
    case Type::uint32: return number<std::uint32_t>(row);
    default: return number<std::int64_t>(row);
  }
}

std::int64_t Column::ticks(std::int64_t row) const {
  return info_.type == Type::time32 ? number<std::int32_t>(row) : number<std::int64_t>(row);
}

Value Column::at(std::int64_t row) {
  if (!valid(row)) return {};
  if (dictionary_ != nullptr) return dictionary_->at(index(row));
  switch (info_.type) {
    case Type::null: return {};
    case Type::int64: return Value::of(number<std::int64_t>(row));
    case Type::int32: return Value::of(std::int64_t{number<std::int32_t>(row)});
    case Type::float64: return real(number<double>(row));
    case Type::utf8: return Value::text(bytes<std::int32_t>(row));
    case Type::large_utf8: return Value::text(bytes<std::int64_t>(row));
    case Type::utf8_view: return Value::text(view(row));
    case Type::binary: return Value::blob(bytes<std::int32_t>(row));
    case Type::large_binary: return Value::blob(bytes<std::int64_t>(row));
    case Type::binary_view: return Value::blob(view(row));
    case Type::fixed_binary:
      return Value::blob(
          {static_cast<const char*>(values_) + (offset_ + row) * info_.width, static_cast<std::size_t>(info_.width)});
    default: break;
  }
  return kind() == Value::Kind::text ? text_at(row) : number_at(row);
}

Value Column::number_at(std::int64_t row) {
  switch (info_.type) {
    case Type::boolean: {
      const auto bit = static_cast<std::uint64_t>(offset_ + row);
      return Value::of(std::int64_t{(static_cast<const std::uint8_t*>(values_)[bit >> 3U] >> (bit & 7U)) & 1U});
    }
    case Type::uint64: {
      const auto value = number<std::uint64_t>(row);
      if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return Value::of(static_cast<std::int64_t>(value));
      }
      const int length = std::snprintf(text_, sizeof text_, "%llu", static_cast<unsigned long long>(value));
      return Value::text({text_, static_cast<std::size_t>(length)});
    }
    case Type::float32: return real(static_cast<double>(number<float>(row)));
    case Type::float16: return real(to_float(number<Half>(row)));
    default: return Value::of(index(row));  // the integers left, and durations
  }
}

Value Column::text_at(std::int64_t row) {
  char* end = text_;
  switch (info_.type) {
    case Type::date32: end = text::write_date(text_, number<std::int32_t>(row)); break;
    case Type::date64: {
      const auto millis = number<std::int64_t>(row), days = millis / kMillisADay;
      if (millis % kMillisADay != 0) return Value::refused("a date that is not a whole day");
      end =
          days != static_cast<std::int32_t>(days) ? nullptr : text::write_date(text_, static_cast<std::int32_t>(days));
      break;
    }
    case Type::time32:
    case Type::time64: end = text::write_time(text_, ticks(row), info_.unit, 3 * static_cast<int>(info_.unit)); break;
    case Type::timestamp: end = text::write_timestamp(text_, ticks(row), info_.unit, spelling_); break;
    case Type::decimal128: {
      Int128 unscaled = 0;
      std::memcpy(&unscaled, static_cast<const char*>(values_) + (offset_ + row) * 16, sizeof unscaled);
      end = text::write_decimal(text_, unscaled, info_.scale);
      break;
    }
    case Type::decimal256:
      end = write_decimal256(text_, static_cast<const char*>(values_) + (offset_ + row) * 32, info_.scale);
      break;
    case Type::interval: end = write_interval_at(text_, row); break;
    default:
      json_.clear();
      if (const char* reason = append_json(json_, *field_, *array_, offset_ - array_->offset + row))
        return Value::refused(reason);
      return Value::text(json_);
  }
  if (end == nullptr) return Value::refused(kNoText);
  return Value::text({text_, static_cast<std::size_t>(end - text_)});
}

char* Column::write_interval_at(char* to, std::int64_t row) const {
  struct MonthDayNano {
    std::int32_t months, days;
    std::int64_t nanoseconds;
  };
  switch (field_->format[2]) {
    case 'M': return write_interval(to, number<std::int32_t>(row), 0, 0);
    case 'D': {
      const auto* pair = static_cast<const std::int32_t*>(values_) + 2 * (offset_ + row);
      return write_interval(to, 0, pair[0], std::int64_t{pair[1]} * 1000000);
    }
    default: {
      const auto parts = number<MonthDayNano>(row);
      return write_interval(to, parts.months, parts.days, parts.nanoseconds);
    }
  }
}

Value::Kind Column::kind() const {
  if (dictionary_ != nullptr) return dictionary_->kind();
  switch (info_.type) {
    case Type::null: return Value::Kind::null;
    case Type::boolean:
    case Type::int8:
    case Type::uint8:
    case Type::int16:
    case Type::uint16:
    case Type::int32:
    case Type::uint32:
    case Type::int64:
    case Type::uint64:
    case Type::duration: return Value::Kind::integer;
    case Type::float16:
    case Type::float32:
    case Type::float64: return Value::Kind::real;
    case Type::binary:
    case Type::large_binary:
    case Type::binary_view:
    case Type::fixed_binary: return Value::Kind::blob;
    default: return Value::Kind::text;
  }
}

}  // namespace weir::sqlite
