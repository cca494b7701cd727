#include "value_writer.hpp"

#include <cmath>
#include <cstdlib>

#include <weir/cpp/text.hpp>

#include "quoted.hpp"
#include "wide.hpp"

namespace weir::json {

void ValueWriter::value(const Column& column, std::int64_t row) {
  const std::int64_t place = column.place(row);
  if (!column.valid(place) || column.kind() == Kind::null) return out_.put("null");
  const Kind kind = column.kind();
  if (kind <= Kind::uint64) return integer(column, place);
  if (kind <= Kind::decimal256) return real(column, place);
  if (kind <= Kind::raw_view) return text(column, place);
  if (kind <= Kind::fixed_bytes) return bytes(column, place);
  if (kind <= Kind::timestamp) return time(column, place);
  if (kind <= Kind::months_days) return span_of_time(column, place);
  if (kind <= Kind::map_pairs) return nested(column, place);
  dictionary(column, place);
}

void ValueWriter::integer(const Column& column, std::int64_t place) {
  char* to = room();
  switch (column.kind()) {
    case Kind::int8: to = text::write_int64(to, column.at<std::int8_t>(place)); break;
    case Kind::uint8: to = text::write_uint64(to, column.at<std::uint8_t>(place)); break;
    case Kind::int16: to = text::write_int64(to, column.at<std::int16_t>(place)); break;
    case Kind::uint16: to = text::write_uint64(to, column.at<std::uint16_t>(place)); break;
    case Kind::int32: to = text::write_int64(to, column.at<std::int32_t>(place)); break;
    case Kind::uint32: to = text::write_uint64(to, column.at<std::uint32_t>(place)); break;
    case Kind::int64: to = text::write_int64(to, column.at<std::int64_t>(place)); break;
    case Kind::uint64: to = text::write_uint64(to, column.at<std::uint64_t>(place)); break;
    default: return out_.put(column.bit(place) ? std::string_view("true") : std::string_view("false"));
  }
  out_.advance_to(to);
}

void ValueWriter::real(const Column& column, std::int64_t place) {
  char* to = room();
  if (column.kind() == Kind::decimal128) {
    Int128 unscaled = 0;
    std::memcpy(&unscaled, column.fixed(place, 16), sizeof unscaled);
    return out_.advance_to(text::write_decimal(to, unscaled, column.info().scale));
  }
  if (column.kind() == Kind::decimal256) {
    return out_.advance_to(write_decimal256(to, column.fixed(place, 32), column.info().scale));
  }
  if (column.kind() == Kind::float64) {
    const double value = column.at<double>(place);
    if (!std::isfinite(value)) problem_ = "not a finite number";
    return out_.advance_to(text::write_double(to, value));
  }
  const float value = column.kind() == Kind::float32 ? column.at<float>(place) : to_float(column.at<Half>(place));
  if (!std::isfinite(value)) problem_ = "not a finite number";
  out_.advance_to(text::write_float(to, value));
}

void ValueWriter::text(const Column& column, std::int64_t place) {
  switch (column.kind()) {
    case Kind::text32: return put_quoted(out_, column.span<std::int32_t>(place));
    case Kind::text64: return put_quoted(out_, column.span<std::int64_t>(place));
    case Kind::text_view: return put_quoted(out_, column.view(place));
    case Kind::raw32: return put_raw(out_, column.span<std::int32_t>(place));
    case Kind::raw64: return put_raw(out_, column.span<std::int64_t>(place));
    default: return put_raw(out_, column.view(place));
  }
}

void ValueWriter::bytes(const Column& column, std::int64_t place) {
  switch (column.kind()) {
    case Kind::bytes32: return put_base64(out_, column.span<std::int32_t>(place));
    case Kind::bytes64: return put_base64(out_, column.span<std::int64_t>(place));
    case Kind::bytes_view: return put_base64(out_, column.view(place));
    default: {
      const std::int64_t width = column.info().width;
      return put_base64(out_, {column.fixed(place, width), static_cast<std::size_t>(width)});
    }
  }
}

void ValueWriter::end_quoted(char* end, const char* problem) {
  if (end == nullptr) {
    problem_ = problem;
    return;
  }
  *end++ = '"';
  out_.advance_to(end);
}

void ValueWriter::time(const Column& column, std::int64_t place) {
  constexpr const char* kNoDate = "not a date of the years 0001 to 9999";
  char* to = room();
  *to++ = '"';
  const Unit unit = column.info().unit;
  switch (column.kind()) {
    case Kind::date32: return end_quoted(text::write_date(to, column.at<std::int32_t>(place)), kNoDate);
    case Kind::date64: {
      const std::int64_t days = text::detail::divide_down(column.at<std::int64_t>(place), 86400000);
      const bool fits = days >= text::kFirstDay && days <= text::kLastDay;
      return end_quoted(fits ? text::write_date(to, static_cast<std::int32_t>(days)) : nullptr, kNoDate);
    }
    case Kind::time32:
      return end_quoted(text::write_time(to, column.at<std::int32_t>(place), unit), "not a time of day");
    case Kind::time64:
      return end_quoted(text::write_time(to, column.at<std::int64_t>(place), unit), "not a time of day");
    default:
      return end_quoted(text::write_timestamp(to, column.at<std::int64_t>(place), unit, column.spelling()), kNoDate);
  }
}

void ValueWriter::span_of_time(const Column& column, std::int64_t place) {
  char* to = room();
  *to++ = '"';
  switch (column.kind()) {
    case Kind::duration: to = write_duration(to, column.at<std::int64_t>(place), column.info().unit); break;
    case Kind::months: to = write_months(to, column.at<std::int32_t>(place)); break;
    case Kind::days: {
      std::int32_t parts[2];  // days, milliseconds
      std::memcpy(parts, column.fixed(place, 8), sizeof parts);
      to = write_days(to, parts[0], parts[1]);
      break;
    }
    default: to = write_months_days(to, column.fixed(place, 16));
  }
  end_quoted(to, nullptr);
}

void ValueWriter::nested(const Column& column, std::int64_t place) {
  const std::int64_t width = column.info().width;
  switch (column.kind()) {
    case Kind::list32:
      return list(column.children()[0], column.at<std::int32_t>(place), column.at<std::int32_t>(place + 1));
    case Kind::list64:
      return list(column.children()[0], column.at<std::int64_t>(place), column.at<std::int64_t>(place + 1));
    case Kind::fixed_list: return list(column.children()[0], place * width, (place + 1) * width);
    case Kind::object: return object(column, place);
    default: return map(column, place);
  }
}

void ValueWriter::list(const Column& items, std::int64_t begin, std::int64_t end) {
  out_.put('[');
  for (std::int64_t i = begin; i < end; ++i) {
    if (i > begin) out_.put(',');
    value(items, i);
  }
  out_.put(']');
}

void ValueWriter::object(const Column& column, std::int64_t place) {
  out_.put('{');
  for (std::size_t i = 0; i < column.children().size(); ++i) {
    if (i > 0) out_.put(',');
    put_quoted(out_, column.children()[i].name());
    out_.put(':');
    value(column.children()[i], place);
  }
  out_.put('}');
}

void ValueWriter::map(const Column& column, std::int64_t place) {
  const bool named = column.kind() == Kind::map_object;
  const Column& entries = column.children()[0];
  const Column& keys = entries.children()[0];
  const std::int64_t begin = column.at<std::int32_t>(place), end = column.at<std::int32_t>(place + 1);
  out_.put(named ? '{' : '[');
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t entry = entries.place(i);
    if (i > begin) out_.put(',');
    if (!named) out_.put('[');
    if (named && !keys.valid(keys.place(entry))) problem_ = "a key of a map is null";
    value(keys, entry);
    out_.put(named ? ':' : ',');
    value(entries.children()[1], entry);
    if (!named) out_.put(']');
  }
  out_.put(named ? '}' : ']');
}

void ValueWriter::dictionary(const Column& column, std::int64_t place) {
  std::int64_t index = 0;
  switch (column.kind()) {
    case Kind::dictionary8: index = column.at<std::int8_t>(place); break;
    case Kind::dictionary_u8: index = column.at<std::uint8_t>(place); break;
    case Kind::dictionary16: index = column.at<std::int16_t>(place); break;
    case Kind::dictionary_u16: index = column.at<std::uint16_t>(place); break;
    case Kind::dictionary32: index = column.at<std::int32_t>(place); break;
    case Kind::dictionary_u32: index = column.at<std::uint32_t>(place); break;
    default: index = column.at<std::int64_t>(place);
  }
  value(column.children()[0], index);
}

}  // namespace weir::json
