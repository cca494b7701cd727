// Rows as JSON. The text of numbers and times is the SDK's, so that the same value has the same text everywhere.
#include "arrow/json.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <nlohmann/json.hpp>

#include "arrow/layout.hpp"

namespace weir::arrow {
namespace {

void append_value(std::string& out, const ArrowArray& array, const ArrowSchema& schema, std::int64_t row);

void append_text(std::string& out, std::string_view text) {
  out += nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append_base64(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out += '"';
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = (group << 8U) | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= left ? kDigits[(group >> (18U - 6U * k)) & 63U] : '=';
  }
  out += '"';
}

// JSON text goes as it is, but on one line: a line break in JSON is only ever space between its parts.
void append_raw_json(std::string& out, std::string_view text) {
  if (!nlohmann::json::accept(text)) return append_text(out, text);
  for (const char letter : text) out += letter == '\n' || letter == '\r' ? ' ' : letter;
}

void append_bytes(std::string& out, const ArrowSchema& schema, const Layout& layout, std::string_view bytes) {
  if (!layout.utf8) return append_base64(out, bytes);
  if (weir::metadata_value(schema, weir::kExtensionKey) == "arrow.json") return append_raw_json(out, bytes);
  append_text(out, bytes);
}

template <class Offset>
std::string_view text_at(const ArrowArray& array, std::int64_t row) {
  const std::int64_t from = load<Offset>(array.buffers[1], row), to = load<Offset>(array.buffers[1], row + 1);
  const std::int64_t end = load<Offset>(array.buffers[1], array.offset + array.length);
  if (from < 0 || to <= from || to > end) return {};  // out of order: what it meant is not known
  return {static_cast<const char*>(array.buffers[2]) + from, static_cast<std::size_t>(to - from)};
}

std::string_view view_at(const ArrowArray& array, std::int64_t row) {
  const auto* view = static_cast<const char*>(array.buffers[1]) + 16 * row;
  const std::int64_t length = load<std::int32_t>(view, 0);
  if (length <= 0) return {};
  if (length <= 12) return {view + 4, static_cast<std::size_t>(length)};
  const std::int64_t buffer = load<std::int32_t>(view, 2), offset = load<std::int32_t>(view, 3);
  if (buffer < 0 || buffer >= array.n_buffers - 3 || offset < 0 ||
      offset > load<std::int64_t>(array.buffers[array.n_buffers - 1], buffer) - length) {
    return {};
  }
  return {static_cast<const char*>(array.buffers[2 + buffer]) + offset, static_cast<std::size_t>(length)};
}

template <class Real>
void append_real(std::string& out, Real value, char* (*write)(char*, Real)) {
  char text[weir::text::kMaxDouble];
  const std::string_view written(text, static_cast<std::size_t>(write(text, value) - text));
  if (std::isfinite(value)) {
    out += written;
  } else {
    append_text(out, written);
  }
}

void append_decimal(std::string& out, const std::uint8_t* value, const Layout& layout) {
  char text[weir::text::kMaxDecimal];
  const std::int32_t scale = layout.type.scale;
  const char* const end = layout.width == 16 ? weir::text::write_decimal(text, load<weir::Int128>(value, 0), scale)
                                             : weir::text::write_decimal256(text, value, scale);
  out.append(text, static_cast<std::size_t>(end - text));
}

// Seconds with as many fraction digits as they take, of a count of 10^-places seconds that is not negative.
std::string seconds_text(std::uint64_t value, int places) {
  std::uint64_t scale = 1;
  for (int i = 0; i < places; ++i) scale *= 10;
  std::string text = std::to_string(value / scale);
  std::string part = std::to_string(value % scale + scale).substr(1);
  while (!part.empty() && part.back() == '0') part.pop_back();
  return part.empty() ? text : text + "." + part;
}

std::string signed_seconds(std::int64_t value, int places) {
  const auto magnitude =
      value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  return (value < 0 ? "-" : "") + seconds_text(magnitude, places);
}

void append_interval(std::string& out, const std::uint8_t* value, std::int64_t width) {
  out += "\"P";
  if (width == 4) out += std::to_string(load<std::int32_t>(value, 0)) + "M";
  if (width == 8)
    out += std::to_string(load<std::int32_t>(value, 0)) + "DT" + signed_seconds(load<std::int32_t>(value, 1), 3) + "S";
  if (width == 16) {
    out += std::to_string(load<std::int32_t>(value, 0)) + "M" + std::to_string(load<std::int32_t>(value, 1)) + "DT" +
           signed_seconds(load<std::int64_t>(value, 1), 9) + "S";
  }
  out += '"';
}

// Writes what `write` made as a text, or, where a value has no text (a year beyond 9999), the number itself.
void append_written(std::string& out, const char* begin, const char* end, std::int64_t value) {
  if (end == nullptr) {
    out += std::to_string(value);
  } else {
    out += '"';
    out.append(begin, end);
    out += '"';
  }
}

void append_time(std::string& out, const ArrowSchema& schema, const Layout& layout, std::int64_t value) {
  char text[weir::text::kMaxTimestamp + 8];
  const char* end = nullptr;
  constexpr std::int64_t kDayMs = 86400000;
  switch (layout.type.type) {
    case Type::date32: end = weir::text::write_date(text, static_cast<std::int32_t>(value)); break;
    case Type::date64: {
      const std::int64_t days = value / kDayMs - (value % kDayMs < 0 ? 1 : 0);
      if (days >= weir::text::kFirstDay && days <= weir::text::kLastDay)
        end = weir::text::write_date(text, static_cast<std::int32_t>(days));
      break;
    }
    case Type::timestamp:
      end = weir::text::write_timestamp(text, value, layout.type.unit, weir::text::spelling_of(schema));
      break;
    default: end = weir::text::write_time(text, value, layout.type.unit); break;
  }
  append_written(out, text, end, value);
}

void append_integer(std::string& out, Type type, const std::uint8_t* value) {
  switch (type) {
    case Type::int8: out += std::to_string(load<std::int8_t>(value, 0)); break;
    case Type::uint8: out += std::to_string(load<std::uint8_t>(value, 0)); break;
    case Type::int16: out += std::to_string(load<std::int16_t>(value, 0)); break;
    case Type::uint16: out += std::to_string(load<std::uint16_t>(value, 0)); break;
    case Type::int32: out += std::to_string(load<std::int32_t>(value, 0)); break;
    case Type::uint32: out += std::to_string(load<std::uint32_t>(value, 0)); break;
    case Type::uint64: out += std::to_string(load<std::uint64_t>(value, 0)); break;
    default: out += std::to_string(load<std::int64_t>(value, 0)); break;
  }
}

void append_fixed(std::string& out, const ArrowSchema& schema, const Layout& layout, const std::uint8_t* value) {
  switch (layout.type.type) {
    case Type::float16: return append_real(out, weir::to_float(load<weir::Half>(value, 0)), weir::text::write_float);
    case Type::float32: return append_real(out, load<float>(value, 0), weir::text::write_float);
    case Type::float64: return append_real(out, load<double>(value, 0), weir::text::write_double);
    case Type::decimal128:
    case Type::decimal256: return append_decimal(out, value, layout);
    case Type::fixed_binary:
      return append_base64(out, {reinterpret_cast<const char*>(value), static_cast<std::size_t>(layout.width)});
    case Type::interval: return append_interval(out, value, layout.width);
    case Type::date32:
    case Type::time32: return append_time(out, schema, layout, load<std::int32_t>(value, 0));
    case Type::date64:
    case Type::time64:
    case Type::timestamp: return append_time(out, schema, layout, load<std::int64_t>(value, 0));
    case Type::duration: {
      const auto count = load<std::int64_t>(value, 0);
      out += count < 0 ? "\"-PT" : "\"PT";
      const std::string text = signed_seconds(count, 3 * static_cast<int>(layout.type.unit));
      out += text.substr(count < 0 ? 1 : 0) + "S\"";
      return;
    }
    default: return append_integer(out, layout.type.type, value);
  }
}

void append_items(std::string& out, const ArrowArray& items, const ArrowSchema& item, Window rows) {
  out += '[';
  for (std::int64_t i = 0; i < rows.count; ++i) {
    if (i > 0) out += ',';
    append_value(out, items, item, rows.begin + i);
  }
  out += ']';
}

void append_fields(std::string& out, const ArrowArray& array, const ArrowSchema& schema, std::int64_t row) {
  out += '{';
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    if (i > 0) out += ',';
    append_text(out, schema.children[i]->name == nullptr ? "" : schema.children[i]->name);
    out += ':';
    append_value(out, *array.children[i], *schema.children[i], array.children[i]->offset + row);
  }
  out += '}';
}

// An object, if all keys are texts: none is null where the map is as Arrow has it.
void append_map(std::string& out, const ArrowArray& entries, const ArrowSchema& entry, Window rows) {
  const ArrowArray& keys = *entries.children[0];
  const ArrowSchema& key = *entry.children[0];
  const Layout layout = layout_of(key);
  const auto* const validity = validity_of(keys, layout);
  bool texts = layout.utf8;
  for (std::int64_t i = 0; texts && validity != nullptr && i < rows.count; ++i)
    texts = bit_at(validity, keys.offset + rows.begin + i);
  if (!texts) return append_items(out, entries, entry, rows);
  out += '{';
  for (std::int64_t i = 0; i < rows.count; ++i) {
    if (i > 0) out += ',';
    append_value(out, keys, key, keys.offset + rows.begin + i);
    out += ':';
    append_value(out, *entries.children[1], *entry.children[1], entries.children[1]->offset + rows.begin + i);
  }
  out += '}';
}

template <class Offset>
void append_list(std::string& out, const ArrowArray& array, const ArrowSchema& schema, const Layout& layout,
                 std::int64_t row) {
  const ArrowArray& items = *array.children[0];
  const std::int64_t from = load<Offset>(array.buffers[1], row), to = load<Offset>(array.buffers[1], row + 1);
  const bool wrong = from < 0 || to < from || to > items.length;
  const Window rows{items.offset + from, wrong ? 0 : to - from};
  if (layout.type.type == Type::map) return append_map(out, items, *schema.children[0], rows);
  append_items(out, items, *schema.children[0], rows);
}

std::int64_t dictionary_index(const ArrowArray& array, const Layout& layout, std::int64_t row) {
  std::string digits;
  append_integer(digits, layout.type.type, static_cast<const std::uint8_t*>(array.buffers[1]) + row * layout.width);
  return digits.size() > 18 ? -1 : std::stoll(digits);
}

void append_dictionary(std::string& out, const ArrowArray& array, const ArrowSchema& schema, std::int64_t index) {
  if (index < 0 || index >= array.dictionary->length) {
    out += "null";  // out of range: what it meant is not known
  } else {
    append_value(out, *array.dictionary, *schema.dictionary, array.dictionary->offset + index);
  }
}

// `row` counts from the start of the buffers.
void append_value(std::string& out, const ArrowArray& array, const ArrowSchema& schema, std::int64_t row) {
  const Layout layout = layout_of(schema);
  const std::uint8_t* validity = validity_of(array, layout);
  if (layout.form == Form::null || layout.form == Form::unknown || (validity != nullptr && !bit_at(validity, row))) {
    out += "null";
    return;
  }
  if (schema.dictionary != nullptr) return append_dictionary(out, array, schema, dictionary_index(array, layout, row));
  switch (layout.form) {
    case Form::bits: out += bit_at(array.buffers[1], row) ? "true" : "false"; break;
    case Form::fixed:
      append_fixed(out, schema, layout, static_cast<const std::uint8_t*>(array.buffers[1]) + row * layout.width);
      break;
    case Form::text32: append_bytes(out, schema, layout, text_at<std::int32_t>(array, row)); break;
    case Form::text64: append_bytes(out, schema, layout, text_at<std::int64_t>(array, row)); break;
    case Form::view: append_bytes(out, schema, layout, view_at(array, row)); break;
    case Form::list32: append_list<std::int32_t>(out, array, schema, layout, row); break;
    case Form::list64: append_list<std::int64_t>(out, array, schema, layout, row); break;
    case Form::fixed_list:
      append_items(out, *array.children[0], *schema.children[0],
                   {array.children[0]->offset + row * layout.width, layout.width});
      break;
    default: append_fields(out, array, schema, row); break;
  }
}

}  // namespace

void append_row_as_json(std::string& out, const ArrowArray& rows, const ArrowSchema& schema, std::int64_t row) {
  append_value(out, rows, schema, rows.offset + row);
}

void append_value_as_json(std::string& out, const ArrowArray& column, const ArrowSchema& field, std::int64_t row) {
  append_value(out, column, field, column.offset + row);
}

}  // namespace weir::arrow
