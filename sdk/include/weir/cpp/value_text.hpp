// Values as people read them, in messages and tables: any type, one value at a time. Not fast, and not meant to be read back.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "array.hpp"
#include "text_numbers.hpp"
#include "text_times.hpp"

namespace weir {

namespace detail {

template <class T>
T value_at(const ArrowArray& column, std::int64_t index) {
  T value{};
  std::memcpy(&value, static_cast<const char*>(column.buffers[1]) + sizeof(T) * static_cast<std::size_t>(index),
              sizeof(T));
  return value;
}

// Writes numbers, dates and times; `index` counts from the buffer's begin. Gives the end, or null: another type, or a day
// that has no text.
inline char* write_plain(char* to, const ArrowSchema& field, const ArrowArray& column, std::int64_t index) {
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::int8: return text::write_int64(to, value_at<std::int8_t>(column, index));
    case Type::uint8: return text::write_int64(to, value_at<std::uint8_t>(column, index));
    case Type::int16: return text::write_int64(to, value_at<std::int16_t>(column, index));
    case Type::uint16: return text::write_int64(to, value_at<std::uint16_t>(column, index));
    case Type::int32: return text::write_int64(to, value_at<std::int32_t>(column, index));
    case Type::uint32: return text::write_int64(to, value_at<std::uint32_t>(column, index));
    case Type::int64: return text::write_int64(to, value_at<std::int64_t>(column, index));
    case Type::uint64: return text::write_uint64(to, value_at<std::uint64_t>(column, index));
    case Type::float16: return text::write_double(to, to_float(value_at<Half>(column, index)));
    case Type::float32: return text::write_float(to, value_at<float>(column, index));
    case Type::float64: return text::write_double(to, value_at<double>(column, index));
    case Type::decimal128: return text::write_decimal(to, value_at<Int128>(column, index), info.scale);
    case Type::decimal256:
      return text::write_decimal256(to, static_cast<const char*>(column.buffers[1]) + 32 * index, info.scale);
    case Type::date32: return text::write_date(to, value_at<std::int32_t>(column, index));
    case Type::date64: {
      const std::int64_t days = text::detail::divide_down(value_at<std::int64_t>(column, index), 86'400'000);
      if (days < text::kFirstDay || days > text::kLastDay) return nullptr;
      return text::write_date(to, static_cast<std::int32_t>(days));
    }
    case Type::time32: return text::write_time(to, value_at<std::int32_t>(column, index), info.unit);
    case Type::time64: return text::write_time(to, value_at<std::int64_t>(column, index), info.unit);
    case Type::timestamp:
      return text::write_timestamp(to, value_at<std::int64_t>(column, index), info.unit, text::spelling_of(field));
    default: return nullptr;
  }
}

inline std::string span_text(const ArrowSchema& field, const ArrowArray& column, std::int64_t index) {
  static constexpr const char* kUnits[] = {" s", " ms", " us", " ns"};
  const TypeInfo info = type_of(field);
  if (info.type == Type::duration)
    return std::to_string(value_at<std::int64_t>(column, index)) + kUnits[static_cast<std::size_t>(info.unit)];
  const char kind = field.format[2];
  if (kind == 'M') return std::to_string(value_at<std::int32_t>(column, index)) + " months";
  const std::int64_t width = kind == 'D' ? 8 : 16;
  const std::int64_t first = index * width / 4;
  const std::string a = std::to_string(value_at<std::int32_t>(column, first));
  const std::string b = std::to_string(value_at<std::int32_t>(column, first + 1));
  if (kind == 'D') return a + " days " + b + " ms";
  return a + " months " + b + " days " + std::to_string(value_at<std::int64_t>(column, index * 2 + 1)) + " ns";
}

inline void append_hexadecimal(std::string& to, std::string_view bytes) {
  for (const char byte : bytes) {
    to += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4U];
    to += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15U];
  }
}

inline std::int64_t dictionary_key(const ArrowSchema& field, const ArrowArray& column, std::int64_t index) {
  switch (type_of(field).type) {
    case Type::int8: return value_at<std::int8_t>(column, index);
    case Type::uint8: return value_at<std::uint8_t>(column, index);
    case Type::int16: return value_at<std::int16_t>(column, index);
    case Type::uint16: return value_at<std::uint16_t>(column, index);
    case Type::int32: return value_at<std::int32_t>(column, index);
    case Type::uint32: return value_at<std::uint32_t>(column, index);
    default: return value_at<std::int64_t>(column, index);
  }
}

}  // namespace detail

// Whether a value of the column can be seen as null at row `row`; rows count from the column's own offset and `outer`.
inline bool is_null_at(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, std::int64_t row) {
  if (field.dictionary == nullptr && type_of(field).type == Type::null) return true;
  return !Validity(column, outer).valid(row);
}

inline void append_value(std::string& to, const ArrowSchema& field, const ArrowArray& column, std::int64_t outer,
                         std::int64_t row);

namespace detail {

// Items [first, end) of the only child, or all children of one row.
inline void append_items(std::string& to, const ArrowSchema& field, const ArrowArray& column, std::int64_t first,
                         std::int64_t end) {
  to += '[';
  for (std::int64_t i = first; i < end; ++i) {
    if (i > first) to += ", ";
    append_value(to, *field.children[0], *column.children[0], 0, i);
  }
  to += ']';
}

inline void append_nested(std::string& to, const ArrowSchema& field, const ArrowArray& column, std::int64_t index) {
  const TypeInfo info = type_of(field);
  if (info.type == Type::structure) {
    to += '{';
    for (std::int64_t i = 0; i < field.n_children; ++i) {
      if (i > 0) to += ", ";
      to += std::string(field.children[i]->name == nullptr ? "" : field.children[i]->name) + ": ";
      append_value(to, *field.children[i], *column.children[i], 0, index);
    }
    to += '}';
  } else if (info.type == Type::fixed_list) {
    append_items(to, field, column, index * info.width, (index + 1) * info.width);
  } else if (info.type == Type::large_list) {
    append_items(to, field, column, value_at<std::int64_t>(column, index), value_at<std::int64_t>(column, index + 1));
  } else {
    append_items(to, field, column, value_at<std::int32_t>(column, index), value_at<std::int32_t>(column, index + 1));
  }
}

}  // namespace detail

// Appends the value of a row: numbers, dates and times as the csv writer has them, texts as they are, bytes in hexadecimal,
// lists and maps as [a, b], structs as {name: value}, a null as "null". `row` counts from the column's offset and `outer`.
inline void append_value(std::string& to, const ArrowSchema& field, const ArrowArray& column, std::int64_t outer,
                         std::int64_t row) {
  if (is_null_at(field, column, outer, row)) {
    to += "null";
    return;
  }
  const std::int64_t index = column.offset + outer + row;
  if (field.dictionary != nullptr)
    return append_value(to, *field.dictionary, *column.dictionary, 0, detail::dictionary_key(field, column, index));
  const TypeInfo info = type_of(field);
  switch (info.type) {
    case Type::boolean: to += BooleanColumn(column, outer)[row] ? "true" : "false"; return;
    case Type::utf8: to += TextColumn(column, outer)[row]; return;
    case Type::large_utf8: to += LargeTextColumn(column, outer)[row]; return;
    case Type::utf8_view: to += ViewColumn(column, outer)[row]; return;
    case Type::binary: return detail::append_hexadecimal(to, TextColumn(column, outer)[row]);
    case Type::large_binary: return detail::append_hexadecimal(to, LargeTextColumn(column, outer)[row]);
    case Type::binary_view: return detail::append_hexadecimal(to, ViewColumn(column, outer)[row]);
    case Type::fixed_binary:
      return detail::append_hexadecimal(
          to, {static_cast<const char*>(column.buffers[1]) + info.width * index, static_cast<std::size_t>(info.width)});
    case Type::duration:
    case Type::interval: to += detail::span_text(field, column, index); return;
    case Type::list:
    case Type::large_list:
    case Type::fixed_list:
    case Type::structure:
    case Type::map: return detail::append_nested(to, field, column, index);
    default: break;
  }
  char room[text::kMaxDecimal];
  const char* end = detail::write_plain(room, field, column, index);
  to += end == nullptr ? "a value" : std::string_view(room, static_cast<std::size_t>(end - room));
}

// The value of a row for a message: texts in quotes and on one line, all cut to a sane length.
inline std::string shown_value(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer,
                               std::int64_t row) {
  constexpr std::size_t kShown = 64;
  std::string whole;
  append_value(whole, field, column, outer, row);
  const Type type = type_of(field.dictionary == nullptr ? field : *field.dictionary).type;
  const bool is_text = type == Type::utf8 || type == Type::large_utf8 || type == Type::utf8_view;
  const bool quoted = is_text && !is_null_at(field, column, outer, row);
  std::size_t length = whole.size() <= kShown ? whole.size() : kShown;
  while (length > 0 && length < whole.size() && (static_cast<unsigned char>(whole[length]) & 0xC0U) == 0x80U) --length;
  std::string shown = quoted ? "\"" : "";
  for (const char byte : std::string_view(whole).substr(0, length)) {
    if (quoted && (byte == '"' || byte == '\\')) shown += '\\';
    shown += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
  }
  if (length < whole.size()) shown += "…";
  return quoted ? shown + '"' : shown;
}

}  // namespace weir
