// Random arrays of any schema, for tests: nulls, offsets into longer buffers, empty lists and texts of every length.
#pragma once

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "arrow/gather_column.hpp"
#include "arrow/json.hpp"
#include "arrow/layout.hpp"

namespace weir::arrow {

class RandomArrays {
 public:
  explicit RandomArrays(std::uint32_t seed) : random_(seed) {}

  std::int64_t number(std::int64_t below) { return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_); }

  // An array that passes check_full(). `padded`: its offset may be more than 0.
  weir::Array of(const ArrowSchema& schema, std::int64_t length, bool padded = true, bool nulls = true) {
    const Layout layout = layout_of(schema);
    const std::int64_t pad = padded ? number(20) : 0, total = length + pad;
    const bool nullable = nulls && layout.buffers > 0 && (schema.flags & ARROW_FLAG_NULLABLE) != 0 && number(4) > 0;
    Parts parts;
    parts.length = total;
    if (layout.buffers > 0) parts.buffers.push_back(nullable ? bits(total) : weir::Buffer());
    fill(schema, layout, total, parts);
    if (schema.dictionary != nullptr) parts.dictionary = of(*schema.dictionary, kWords);
    weir::Array array = weir::make_array(std::move(parts));
    ArrowArray& raw = *array.address();
    raw.offset = pad;
    raw.length = length;
    raw.null_count = layout.form == Form::null ? length : 0;
    if (nullable) raw.null_count = count_clear_bits(static_cast<const std::uint8_t*>(raw.buffers[0]), pad, length);
    return array;
  }

 private:
  static constexpr std::int64_t kWords = 7;  // of a dictionary

  weir::Buffer bits(std::int64_t count) {
    weir::Buffer buffer;
    buffer.resize(static_cast<std::size_t>((count + 7) / 8));
    for (std::size_t i = 0; i < buffer.size(); ++i) buffer.data()[i] = static_cast<std::uint8_t>(number(256));
    return buffer;
  }

  std::string text(bool utf8) {
    static constexpr const char* kPieces[] = {"a", "B", "9", " ", "\"", "\\", "\n", "ä", "€", "𝄞"};
    std::string made;
    for (std::int64_t left = number(4) == 0 ? number(60) : number(6); left > 0; --left) {
      made += utf8 ? std::string(kPieces[number(10)]) : std::string(1, static_cast<char>(number(256)));
    }
    return made;
  }

  weir::Buffer fixed(const Layout& layout, const ArrowSchema& schema, std::int64_t total) {
    weir::Buffer values;
    const bool decimal = layout.type.type == Type::decimal128 || layout.type.type == Type::decimal256;
    for (std::int64_t i = 0; i < total; ++i) {
      std::uint8_t value[64] = {};
      for (std::int64_t k = 0; k < layout.width; ++k) value[k] = static_cast<std::uint8_t>(number(256));
      if (decimal) {
        const std::int64_t small = number(200001) - 100000;
        std::memset(value, small < 0 ? 255 : 0, sizeof value);
        std::memcpy(value, &small, sizeof small);
      }
      if (schema.dictionary != nullptr) {
        std::memset(value, 0, sizeof value);
        value[0] = static_cast<std::uint8_t>(number(kWords));
      }
      values.append(value, static_cast<std::size_t>(layout.width));
    }
    return values;
  }

  template <class Offset>
  std::int64_t offsets(std::int64_t total, std::int64_t most, Parts& parts) {
    weir::Buffer buffer;
    Offset at = 0;
    buffer.append(&at, sizeof at);
    for (std::int64_t i = 0; i < total; ++i) {
      at = static_cast<Offset>(at + number(most));
      buffer.append(&at, sizeof at);
    }
    parts.buffers.push_back(std::move(buffer));
    return at;
  }

  template <class Offset>
  void texts(bool utf8, std::int64_t total, Parts& parts) {
    weir::Buffer buffer, data;
    Offset at = 0;
    buffer.append(&at, sizeof at);
    for (std::int64_t i = 0; i < total; ++i) {
      const std::string value = text(utf8);
      data.append(value.data(), value.size());
      at = static_cast<Offset>(data.size());
      buffer.append(&at, sizeof at);
    }
    parts.buffers.push_back(std::move(buffer));
    parts.buffers.push_back(std::move(data));
  }

  void views(bool utf8, std::int64_t total, Parts& parts) {
    weir::Buffer all, data[2], sizes;
    for (std::int64_t i = 0; i < total; ++i) {
      const std::string value = text(utf8);
      std::uint8_t view[16] = {};
      const auto length = static_cast<std::int32_t>(value.size());
      std::memcpy(view, &length, 4);
      if (length <= 12) {
        std::memcpy(view + 4, value.data(), value.size());
      } else {
        const auto which = static_cast<std::int32_t>(number(2));
        const std::int32_t where[2] = {which, static_cast<std::int32_t>(data[which].size())};
        std::memcpy(view + 4, value.data(), 4);
        std::memcpy(view + 8, where, 8);
        data[which].append(value.data(), value.size());
      }
      all.append(view, 16);
    }
    parts.buffers.push_back(std::move(all));
    for (auto& buffer : data) {
      const auto size = static_cast<std::int64_t>(buffer.size());
      sizes.append(&size, sizeof size);
      parts.buffers.push_back(std::move(buffer));
    }
    parts.buffers.push_back(std::move(sizes));
  }

  void fill(const ArrowSchema& schema, const Layout& layout, std::int64_t total, Parts& parts) {
    std::int64_t items = total;
    switch (layout.form) {
      case Form::bits: parts.buffers.push_back(bits(total)); break;
      case Form::fixed: parts.buffers.push_back(fixed(layout, schema, total)); break;
      case Form::text32: texts<std::int32_t>(layout.utf8, total, parts); break;
      case Form::text64: texts<std::int64_t>(layout.utf8, total, parts); break;
      case Form::view: views(layout.utf8, total, parts); break;
      case Form::list32: items = offsets<std::int32_t>(total, 4, parts); break;
      case Form::list64: items = offsets<std::int64_t>(total, 4, parts); break;
      case Form::fixed_list: items = total * layout.width; break;
      default: break;
    }
    for (std::int64_t i = 0; i < schema.n_children; ++i) parts.children.push_back(of(*schema.children[i], items));
  }

  std::mt19937 random_;
};

// The format texts of every type that is not nested.
inline constexpr const char* kEveryFlatFormat[] = {"n",
                                                   "b",
                                                   "c",
                                                   "C",
                                                   "s",
                                                   "S",
                                                   "i",
                                                   "I",
                                                   "l",
                                                   "L",
                                                   "e",
                                                   "f",
                                                   "g",
                                                   "d:12,2",
                                                   "d:40,3,256",
                                                   "u",
                                                   "U",
                                                   "vu",
                                                   "z",
                                                   "Z",
                                                   "vz",
                                                   "w:5",
                                                   "tdD",
                                                   "tdm",
                                                   "tts",
                                                   "ttm",
                                                   "ttu",
                                                   "ttn",
                                                   "tss:",
                                                   "tsm:UTC",
                                                   "tsu:Europe/Rome",
                                                   "tsn:+02:00",
                                                   "tDs",
                                                   "tDm",
                                                   "tDu",
                                                   "tDn",
                                                   "tiM",
                                                   "tiD",
                                                   "tin"};

// A schema of rows with a column of every type that crosses the ABI, and some nested in each other.
inline weir::Schema every_type() {
  std::vector<weir::Schema> fields;
  int number = 0;
  const auto name = [&number] { return "c" + std::to_string(number++); };
  for (const char* format : kEveryFlatFormat) fields.push_back(weir::Schema::field(format, name()));
  using weir::Schema;
  fields.push_back(Schema::nested("+l", name(), Schema::field("u", "item")));
  fields.push_back(Schema::nested("+L", name(), Schema::field("l", "item")));
  fields.push_back(Schema::nested("+w:3", name(), Schema::field("vu", "item")));
  fields.push_back(Schema::nested("+s", name(), Schema::field("b", "key"), Schema::field("tdD", "value")));
  fields.push_back(Schema::map(name(), Schema::field("u", "key", false), Schema::field("g", "value")));
  fields.push_back(Schema::nested(
      "+l", name(), Schema::nested("+s", "item", Schema::nested("+w:2", "deep", Schema::field("i", "x")))));
  fields.push_back(
      Schema::dictionary(Schema::field("i", name()), Schema::nested("+l", "", Schema::field("d:12,2", "item"))));
  for (const char* index : {"c", "C", "s", "S", "i", "I", "l", "L"})
    fields.push_back(Schema::dictionary(Schema::field(index, name()), Schema::field("u", "")));
  return weir::Schema::rows(std::move(fields));
}

// A row as JSON.
inline std::string row_text(const ArrowArray& rows, const ArrowSchema& schema, std::int64_t row) {
  std::string text;
  append_row_as_json(text, rows, schema, row);
  return text;
}

// Rows of one column.
inline weir::Schema rows_schema(weir::Schema field) { return weir::Schema::rows(weir::fields_of(std::move(field))); }

}  // namespace weir::arrow
