// Checks of every value of a batch: for sandboxes, tests and --validate=full. Only rows that count are looked at, bytes
// of null rows may be anything.
#include <algorithm>
#include <array>
#include <cstdint>

#include "arrow/bad.hpp"
#include "arrow/layout.hpp"
#include "arrow/validate.hpp"
#include "base/utf8.hpp"

namespace weir::arrow {
namespace {

using Path = ColumnPath;
using base::Result;

// A column and what is to be checked of it.
struct Part {
  const Path& path;
  const ArrowArray& array;
  const ArrowSchema& schema;
  const Layout& layout;
  Window rows;
  const std::uint8_t* validity;
  bool parent_valid;  // no row of what is around it is null, so that what is null here counts

  bool all_valid() const { return parent_valid && validity == nullptr; }
  bool valid(std::int64_t row) const { return validity == nullptr || bit_at(validity, row); }
  std::int64_t end() const { return rows.begin + rows.count; }
  std::int64_t number(std::int64_t row) const { return row - rows.begin; }  // as people count it
};

Result<void> check_column(const Path& path, const ArrowArray& array, const ArrowSchema& schema, Window rows,
                          bool parent_valid);

template <class Offset>
Result<void> check_offsets(const Part& part, std::int64_t limit) {
  if (part.rows.count == 0) return {};
  auto before = std::int64_t{load<Offset>(part.array.buffers[1], part.rows.begin)};
  if (before < 0) return bad_row(part.path, 0, expected("an offset of at least 0", before));
  for (std::int64_t row = part.rows.begin; row < part.end(); ++row) {
    const std::int64_t after = load<Offset>(part.array.buffers[1], row + 1);
    if (after < before || after > limit) {
      return bad_row(part.path, part.number(row),
                     expected("an offset from " + std::to_string(before) + " to " + std::to_string(limit), after));
    }
    before = after;
  }
  return {};
}

template <class Offset>
std::string_view text_of_row(const Part& part, std::int64_t row) {
  const std::int64_t from = load<Offset>(part.array.buffers[1], row), to = load<Offset>(part.array.buffers[1], row + 1);
  return {static_cast<const char*>(part.array.buffers[2]) + from, static_cast<std::size_t>(to - from)};
}

template <class Offset>
Result<void> check_texts(const Part& part) {
  if (part.rows.count == 0) return {};
  const std::int64_t limit = load<Offset>(part.array.buffers[1], part.array.offset + part.array.length);
  WEIR_TRY(check_offsets<Offset>(part, limit));
  if (!part.layout.utf8) return {};
  const std::int64_t from = load<Offset>(part.array.buffers[1], part.rows.begin);
  const std::int64_t to = load<Offset>(part.array.buffers[1], part.end());
  const auto* data = static_cast<const char*>(part.array.buffers[2]);
  const std::string_view all(data + from, static_cast<std::size_t>(to - from));
  const bool whole = base::is_utf8(all);  // then each text is, if it begins at a character
  for (std::int64_t row = part.rows.begin; row < part.end(); ++row) {
    if (!part.valid(row)) continue;
    const std::string_view text = text_of_row<Offset>(part, row);
    const auto inside = [&](const char* at) {
      return at < data + to && (static_cast<unsigned char>(*at) & 0xC0U) == 0x80U;
    };
    const bool good =
        whole ? text.empty() || (!inside(text.data()) && !inside(text.data() + text.size())) : base::is_utf8(text);
    if (!good)
      return bad_row(part.path, part.number(row),
                     "expected UTF-8, found \"" + base::printable(text.substr(0, 60)) + "\"");
  }
  return {};
}

Result<void> check_view(const Part& part, std::int64_t row) {
  const auto* view = static_cast<const char*>(part.array.buffers[1]) + 16 * row;
  const std::int64_t length = load<std::int32_t>(view, 0);
  const std::int64_t number = part.number(row);
  if (length < 0) return bad_row(part.path, number, expected("a length of at least 0", length));
  const char* data = view + 4;
  if (length > 12) {
    const std::int64_t buffer = load<std::int32_t>(view, 2), offset = load<std::int32_t>(view, 3);
    const std::int64_t buffers = part.array.n_buffers - 3;
    if (buffer < 0 || buffer >= buffers)
      return bad_row(part.path, number, expected("one of " + std::to_string(buffers) + " data buffers", buffer));
    const auto size = load<std::int64_t>(part.array.buffers[part.array.n_buffers - 1], buffer);
    if (offset < 0 || offset > size - length) {
      return bad_row(part.path, number,
                     expected("an offset from 0 to " + std::to_string(size - length) + " of its data", offset));
    }
    data = static_cast<const char*>(part.array.buffers[2 + buffer]) + offset;
    if (std::memcmp(data, view + 4, 4) != 0)
      return bad_row(part.path, number, "expected a view that begins as its data does, found another beginning");
  }
  const std::string_view text(data, static_cast<std::size_t>(length));
  if (part.layout.utf8 && !base::is_utf8(text)) {
    return bad_row(part.path, number, "expected UTF-8, found \"" + base::printable(text.substr(0, 60)) + "\"");
  }
  return {};
}

using Limbs = std::array<std::uint64_t, 4>;

// 10^precision as 256 bits.
Limbs power_of_ten(std::int32_t precision) {
  Limbs power{1, 0, 0, 0};
  for (std::int32_t i = 0; i < precision; ++i) {
    std::uint64_t carry = 0;
    for (auto& limb : power) {
      const auto product = static_cast<weir::Int128>(limb) * 10 + static_cast<weir::Int128>(carry);
      limb = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64);
    }
  }
  return power;
}

// Whether |value| < limit; `value` is little-endian, two's complement.
bool below(Limbs value, const Limbs& limit) {
  if ((value[3] >> 63U) != 0) {
    std::uint64_t carry = 1;
    for (auto& limb : value) {
      limb = ~limb + carry;
      carry = carry != 0 && limb == 0 ? 1 : 0;
    }
  }
  return std::lexicographical_compare(value.rbegin(), value.rend(), limit.rbegin(), limit.rend());
}

Result<void> check_decimals(const Part& part) {
  const Limbs limit = power_of_ten(part.layout.type.precision);
  for (std::int64_t row = part.rows.begin; row < part.end(); ++row) {
    if (!part.valid(row)) continue;
    Limbs value{};
    const auto* at = static_cast<const std::uint8_t*>(part.array.buffers[1]) + row * part.layout.width;
    std::memcpy(value.data(), at, static_cast<std::size_t>(part.layout.width));
    if (part.layout.width == 16 && (value[1] >> 63U) != 0) value[2] = value[3] = ~std::uint64_t{0};
    if (!below(value, limit)) {
      return bad_row(part.path, part.number(row),
                     "expected at most " + std::to_string(part.layout.type.precision) + " digits, found more");
    }
  }
  return {};
}

std::int64_t index_at(const Part& part, std::int64_t row) {
  const void* values = part.array.buffers[1];
  switch (part.layout.type.type) {
    case Type::int8: return load<std::int8_t>(values, row);
    case Type::uint8: return load<std::uint8_t>(values, row);
    case Type::int16: return load<std::int16_t>(values, row);
    case Type::uint16: return load<std::uint16_t>(values, row);
    case Type::int32: return load<std::int32_t>(values, row);
    case Type::uint32: return load<std::uint32_t>(values, row);
    default: return load<std::int64_t>(values, row);  // beyond 2^63: negative, so out of range
  }
}

Result<void> check_indices(const Part& part) {
  const ArrowArray& dictionary = *part.array.dictionary;
  for (std::int64_t row = part.rows.begin; row < part.end(); ++row) {
    if (!part.valid(row)) continue;
    const std::int64_t index = index_at(part, row);
    if (index < 0 || index >= dictionary.length) {
      return bad_row(
          part.path, part.number(row),
          expected("an index below " + std::to_string(dictionary.length) + ", the length of the dictionary", index));
    }
  }
  return check_column({&part.path, part.schema.dictionary}, dictionary, *part.schema.dictionary,
                      {dictionary.offset, dictionary.length}, false);
}

template <class Offset>
Result<void> check_list(const Part& part) {
  const ArrowArray& items = *part.array.children[0];
  WEIR_TRY(check_offsets<Offset>(part, items.length));
  if (part.rows.count == 0) return {};
  const std::int64_t from = load<Offset>(part.array.buffers[1], part.rows.begin);
  const std::int64_t to = load<Offset>(part.array.buffers[1], part.end());
  const ArrowSchema& item = *part.schema.children[0];
  return check_column({&part.path, &item}, items, item, {items.offset + from, to - from}, part.all_valid());
}

Result<void> check_nested(const Part& part) {
  const std::int64_t items = part.layout.form == Form::structure ? 1 : part.layout.width;
  for (std::int64_t i = 0; i < part.array.n_children; ++i) {
    const ArrowArray& child = *part.array.children[i];
    const ArrowSchema& field = *part.schema.children[i];
    WEIR_TRY(check_column({&part.path, &field}, child, field,
                          {child.offset + part.rows.begin * items, part.rows.count * items}, part.all_valid()));
  }
  return {};
}

Result<void> check_values(const Part& part) {
  switch (part.layout.form) {
    case Form::text32: return check_texts<std::int32_t>(part);
    case Form::text64: return check_texts<std::int64_t>(part);
    case Form::list32: return check_list<std::int32_t>(part);
    case Form::list64: return check_list<std::int64_t>(part);
    case Form::structure:
    case Form::fixed_list: return check_nested(part);
    case Form::view:
      for (std::int64_t row = part.rows.begin; row < part.end(); ++row) {
        if (part.valid(row)) WEIR_TRY(check_view(part, row));
      }
      return {};
    default: break;
  }
  if (part.schema.dictionary != nullptr) return check_indices(part);
  const Type type = part.layout.type.type;
  return type == Type::decimal128 || type == Type::decimal256 ? check_decimals(part) : Result<void>();
}

Result<void> check_nulls(const Part& part) {
  if (part.layout.buffers == 0) return {};
  const auto* bits = static_cast<const std::uint8_t*>(part.array.buffers[0]);
  if (bits == nullptr) return {};
  const std::int64_t nulls = count_clear_bits(bits, part.array.offset, part.array.length);
  if (part.array.null_count >= 0 && nulls != part.array.null_count) {
    return bad_batch(part.path, "expected " + std::to_string(part.array.null_count) +
                                    " nulls, as its null count says, found " + std::to_string(nulls));
  }
  const bool nullable = (part.schema.flags & ARROW_FLAG_NULLABLE) != 0;
  if (nullable || !part.parent_valid || part.path.outer == nullptr) return {};
  for (std::int64_t row = part.rows.begin; row < part.end(); ++row) {
    if (!bit_at(bits, row))
      return bad_row(part.path, part.number(row), "expected no null, as its schema says, found one");
  }
  return {};
}

Result<void> check_column(const Path& path, const ArrowArray& array, const ArrowSchema& schema, Window rows,
                          bool parent_valid) {
  const Layout layout = layout_of(schema);
  const Part part{path, array, schema, layout, rows, validity_of(array, layout), parent_valid};
  WEIR_TRY(check_nulls(part));
  return check_values(part);
}

}  // namespace

Result<void> check_full(const ArrowArray& rows, const ArrowSchema& schema) {
  return check_column({nullptr, &schema}, rows, schema, {rows.offset, rows.length}, true);
}

}  // namespace weir::arrow
