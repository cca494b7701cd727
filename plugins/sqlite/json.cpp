#include "json.hpp"

#include <charconv>
#include <cmath>

#include <weir/cpp/quoted.hpp>

#include "column.hpp"

namespace weir::sqlite {
namespace {

constexpr const char* kNotFinite = "a number that JSON can't say (NaN or infinite)";

bool is_valid(const ArrowArray& array, std::int64_t row) { return Validity(array).valid(row); }

void append_base64(std::string& out, std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out += '"';
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 3; ++i)
      word = word << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += at + i <= bytes.size() ? kAlphabet[(word >> (18U - 6U * static_cast<unsigned>(i))) & 63U] : '=';
  }
  out += '"';
}

const char* append_number(std::string& out, double value) {
  if (!std::isfinite(value)) return kNotFinite;
  char text[40];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
  return nullptr;
}

// A cell that is not nested: by way of Column, so that it has the same text as in a column of its own.
const char* append_flat(std::string& out, const ArrowSchema& field, const ArrowArray& array, std::int64_t row) {
  Column column(field);
  column.attach(array, 0);
  const Value value = column.at(row);
  const Type type = type_of(field.dictionary != nullptr ? *field.dictionary : field).type;
  switch (value.kind) {
    case Value::Kind::null: out += "null"; return nullptr;
    case Value::Kind::integer:
      if (type == Type::boolean)
        out += value.integer != 0 ? "true" : "false";
      else
        out += std::to_string(value.integer);
      return nullptr;
    case Value::Kind::real: return append_number(out, value.real);
    case Value::Kind::blob: append_base64(out, value.bytes); return nullptr;
    case Value::Kind::text:
      if (type == Type::uint64 || type == Type::decimal128 || type == Type::decimal256)
        out += value.bytes;
      else
        append_json_text(out, value.bytes);
      return nullptr;
    case Value::Kind::refused: return kNotFinite;
  }
  return nullptr;
}

const char* append_items(std::string& out, const ArrowSchema& item, const ArrowArray& items, std::int64_t from,
                         std::int64_t to) {
  out += '[';
  for (std::int64_t i = from; i < to; ++i) {
    if (i != from) out += ',';
    if (const char* reason = append_json(out, item, items, i)) return reason;
  }
  out += ']';
  return nullptr;
}

const char* append_struct(std::string& out, const ArrowSchema& field, const ArrowArray& array, std::int64_t row) {
  out += '{';
  for (std::int64_t i = 0; i < field.n_children; ++i) {
    if (i != 0) out += ',';
    append_json_text(out, field.children[i]->name == nullptr ? "" : field.children[i]->name);
    out += ':';
    if (const char* reason = append_json(out, *field.children[i], *array.children[i], array.offset + row))
      return reason;
  }
  out += '}';
  return nullptr;
}

const char* append_map(std::string& out, const ArrowSchema& field, const ArrowArray& array, std::int64_t row) {
  const ArrowSchema& entry = *field.children[0];
  const ArrowArray& entries = *array.children[0];
  const auto* offsets = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset + row;
  const Type key = type_of(*entry.children[0]).type;
  const bool object = key == Type::utf8 || key == Type::large_utf8 || key == Type::utf8_view;
  out += object ? '{' : '[';
  for (std::int64_t i = offsets[0]; i < offsets[1]; ++i) {
    if (i != offsets[0]) out += ',';
    if (!object) out += '[';
    if (const char* reason = append_json(out, *entry.children[0], *entries.children[0], entries.offset + i))
      return reason;
    out += object ? ':' : ',';
    if (const char* reason = append_json(out, *entry.children[1], *entries.children[1], entries.offset + i))
      return reason;
    if (!object) out += ']';
  }
  out += object ? '}' : ']';
  return nullptr;
}

}  // namespace

void append_json_value(std::string& out, const Value& value) {
  switch (value.kind) {
    case Value::Kind::integer: out += std::to_string(value.integer); return;
    case Value::Kind::real:
      if (append_number(out, value.real) != nullptr) out += "null";
      return;
    case Value::Kind::text: append_json_text(out, value.bytes); return;
    case Value::Kind::blob: append_base64(out, value.bytes); return;
    default: out += "null";
  }
}

const char* append_json(std::string& out, const ArrowSchema& field, const ArrowArray& array, std::int64_t row) {
  const TypeInfo info = type_of(field);
  if (info.type != Type::null && field.dictionary == nullptr && !is_valid(array, row)) {
    out += "null";
    return nullptr;
  }
  switch (info.type) {
    case Type::structure: return append_struct(out, field, array, row);
    case Type::map: return append_map(out, field, array, row);
    case Type::list: {
      const auto* offsets = static_cast<const std::int32_t*>(array.buffers[1]) + array.offset + row;
      return append_items(out, *field.children[0], *array.children[0], offsets[0], offsets[1]);
    }
    case Type::large_list: {
      const auto* offsets = static_cast<const std::int64_t*>(array.buffers[1]) + array.offset + row;
      return append_items(out, *field.children[0], *array.children[0], offsets[0], offsets[1]);
    }
    case Type::fixed_list: {
      const std::int64_t from = (array.offset + row) * info.width;
      return append_items(out, *field.children[0], *array.children[0], from, from + info.width);
    }
    default: return append_flat(out, field, array, row);
  }
}

}  // namespace weir::sqlite
