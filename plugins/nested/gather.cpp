#include "gather.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include <weir/cpp/nested.hpp>
#include <weir/cpp/nested_builder.hpp>
#include <weir/cpp/passing.hpp>
#include <weir/cpp/view_builder.hpp>

namespace weir::nested {
namespace {

using Numbers = std::span<const std::int64_t>;

bool is_nullable(const ArrowSchema& field) { return (field.flags & ARROW_FLAG_NULLABLE) != 0; }

template <class Builder, class Column, class Value>
Array each(const Source& from, Numbers numbers, const Column& column, const Value& none) {
  Builder builder;
  const bool nullable = is_nullable(from.field);
  for (const std::int64_t number : numbers) {
    if (number != kMissing && column.valid(number)) {
      builder.append(column[number]);
    } else if (nullable) {
      builder.append_null();
    } else {
      builder.append(none);
    }
  }
  return builder.finish();
}

// Which rows are null.
Buffer validity_of(const Source& from, Numbers numbers, std::int64_t& nulls) {
  const Validity validity(from.array, from.outer);
  ValidityBuilder kept;
  const bool nullable = is_nullable(from.field);
  for (const std::int64_t number : numbers) {
    if (!nullable || (number != kMissing && validity.valid(number))) {
      kept.append_valid();
    } else {
      kept.append_null();
    }
  }
  nulls = kept.null_count();
  return kept.finish();
}

template <std::size_t kWidth>
void copy_values(const char* from, Numbers numbers, char* to) {
  for (const std::int64_t number : numbers) {
    if (number == kMissing) {
      std::memset(to, 0, kWidth);
    } else {
      std::memcpy(to, from + static_cast<std::int64_t>(kWidth) * number, kWidth);
    }
    to += kWidth;
  }
}

Array fixed(const Source& from, std::size_t width, Numbers numbers) {
  std::vector<Buffer> buffers(2);
  std::int64_t nulls = 0;
  buffers[0] = validity_of(from, numbers, nulls);
  buffers[1].resize(width * numbers.size());
  const auto first = static_cast<std::int64_t>(width) * (from.array.offset + from.outer);
  const char* const values = static_cast<const char*>(from.array.buffers[1]) + first;
  auto* to = reinterpret_cast<char*>(buffers[1].data());
  switch (width) {
    case 1: copy_values<1>(values, numbers, to); break;
    case 2: copy_values<2>(values, numbers, to); break;
    case 4: copy_values<4>(values, numbers, to); break;
    case 8: copy_values<8>(values, numbers, to); break;
    case 16: copy_values<16>(values, numbers, to); break;
    default:
      for (const std::int64_t number : numbers) {
        std::memset(to, 0, width);
        if (number != kMissing) std::memcpy(to, values + static_cast<std::int64_t>(width) * number, width);
        to += width;
      }
  }
  return make_array(static_cast<std::int64_t>(numbers.size()), nulls, std::move(buffers));
}

// The numbers of all items of the lists, and where each ends.
template <class Lists, class Builder>
Array lists(const Source& from, Numbers numbers, const Lists& column) {
  Builder builder;
  std::vector<std::int64_t> items;
  const bool nullable = is_nullable(from.field);
  for (const std::int64_t number : numbers) {
    const bool there = number != kMissing && column.valid(number);
    const Items of_row = there ? column[number] : Items{};
    for (std::int64_t item = of_row.begin; item < of_row.end; ++item) items.push_back(item);
    if (there || !nullable) {
      builder.append(static_cast<std::int64_t>(items.size()));
    } else {
      builder.append_null();
    }
  }
  return builder.finish(gathered({*from.field.children[0], column.items(), 0, from.rows}, items));
}

Array fixed_lists(const Source& from, std::int32_t width, Numbers numbers) {
  const FixedListColumn column(from.array, width, from.outer);
  std::vector<std::int64_t> items;
  for (const std::int64_t number : numbers) {
    const std::int64_t first = number == kMissing ? kMissing : column[number].begin;
    for (std::int64_t i = 0; i < width; ++i) items.push_back(first == kMissing ? kMissing : first + i);
  }
  std::int64_t nulls = 0;
  std::vector<Buffer> buffers(1);
  buffers[0] = validity_of(from, numbers, nulls);
  std::vector<Array> children;
  children.push_back(gathered({*from.field.children[0], column.items(), 0, from.rows}, items));
  return make_array(static_cast<std::int64_t>(numbers.size()), nulls, std::move(buffers), std::move(children));
}

Array structs(const Source& from, Numbers numbers) {
  const StructColumn column(from.array, from.outer);
  std::vector<Array> children;
  for (std::int64_t i = 0; i < column.count(); ++i)
    children.push_back(gathered({*from.field.children[i], column.field(i), column.outer(), from.rows}, numbers));
  std::int64_t nulls = 0;
  std::vector<Buffer> buffers(1);
  buffers[0] = validity_of(from, numbers, nulls);
  return make_array(static_cast<std::int64_t>(numbers.size()), nulls, std::move(buffers), std::move(children));
}

// The dictionary itself stays where it is.
Array with_shared_dictionary(const Source& from, Numbers numbers) {
  ArrowArray dictionary = *from.array.dictionary;
  dictionary.private_data = new std::shared_ptr<Array>(from.rows);
  dictionary.release = detail::release_share;
  Array values(&dictionary);
  return with_dictionary(fixed(from, static_cast<std::size_t>(value_width(type_of(from.field))), numbers),
                         std::move(values));
}

}  // namespace

Array gathered(const Source& from, Numbers numbers) {
  if (from.field.dictionary != nullptr) return with_shared_dictionary(from, numbers);
  const TypeInfo info = type_of(from.field);
  const auto count = static_cast<std::int64_t>(numbers.size());
  switch (info.type) {
    case Type::null: return make_array(count, count, {});
    case Type::boolean: return each<BooleanBuilder>(from, numbers, BooleanColumn(from.array, from.outer), false);
    case Type::utf8:
    case Type::binary: return each<TextBuilder>(from, numbers, TextColumn(from.array, from.outer), std::string_view());
    case Type::large_utf8:
    case Type::large_binary:
      return each<LargeTextBuilder>(from, numbers, LargeTextColumn(from.array, from.outer), std::string_view());
    case Type::utf8_view:
    case Type::binary_view:
      return each<ViewBuilder>(from, numbers, ViewColumn(from.array, from.outer), std::string_view());
    case Type::list:
    case Type::map: return lists<ListColumn, ListBuilder>(from, numbers, ListColumn(from.array, from.outer));
    case Type::large_list:
      return lists<LargeListColumn, LargeListBuilder>(from, numbers, LargeListColumn(from.array, from.outer));
    case Type::fixed_list: return fixed_lists(from, info.width, numbers);
    case Type::structure: return structs(from, numbers);
    default: return fixed(from, static_cast<std::size_t>(value_width(info)), numbers);
  }
}

}  // namespace weir::nested
