// Nesting: what the hashes of parts come to. The values themselves: digest_values.cpp.
#include "integrity/row_digest.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "integrity/digest_values.hpp"

namespace weir::integrity {
namespace {

using arrow::ColumnPath;
using arrow::Form;
using arrow::load;
using arrow::Selection;
using base::Result;

constexpr std::int64_t kWindow = 512;  // rows hashed at a time: what all columns do to them stays in the nearest cache

Selection part_of(const Selection& rows, std::int64_t from, std::int64_t count) {
  if (rows.rows != nullptr) return {rows.rows + from, rows.base, count};
  return {nullptr, rows.base + from, count};
}

// What stands for a field's name: odd, so that no value is lost when it is multiplied by it.
DoubleWord factor_of(std::string_view name) {
  return hash_bytes(static_cast<std::uint32_t>(Kind::name), reinterpret_cast<const std::uint8_t*>(name.data()),
                    name.size(), false)
             .number() |
         1U;
}

// A list on its way: its items one after the other, or, of a map, in any order.
class ListHash {
 public:
  explicit ListHash(weir::Type type) : is_map_(type == weir::Type::map) {}
  void take(std::span<const Hash> items) {
    if (is_map_) {
      for (const Hash& item : items) entries_.add({item.low, item.high});
    } else {
      for (const Hash& item : items) list_.block(item.low, item.high);
    }
  }
  Hash finish(std::int64_t items) const {
    return is_map_ ? mixed(Kind::map, entries_.low, entries_.high)
                   : list_.finish(16 * static_cast<std::uint64_t>(items));
  }

 private:
  bool is_map_;
  Murmur list_{static_cast<std::uint32_t>(Kind::list)};
  Digest entries_;
};

}  // namespace

// A field, and what it needs to hash windows of its rows.
class RowDigest::Column {
 public:
  explicit Column(const ArrowSchema& field);

  // Hashes at most kWindow rows into `out`.
  Result<void> hash(const ColumnPath& path, const ArrowArray& array, const Selection& rows, Hash* out);

 private:
  Result<void> hash_structure(const Values& values, Hash* out);
  Result<void> hash_entries(const Values& values, Hash* out);
  Result<void> hash_dictionary(const Values& values, Hash* out);
  template <class Index>
  Result<void> read_indices(const Values& values);
  Result<void> read_indices(const Values& values);
  // Which items of the lists in hand hashes_ has, and how far they go.
  struct Items {
    std::int64_t first = 0, last = 0, end = 0;
  };
  Result<std::span<const Hash>> items_from(const Values& values, std::int64_t item, Items& ahead);
  template <class Bounds>
  Result<void> hash_lists(const Values& values, Bounds&& bounds, Hash* out);
  template <class Offset>
  Result<void> hash_lists(const Values& values, Hash* out);
  Result<void> hash_nested(const Values& values, Hash* out);

  const ArrowSchema& field_;
  const arrow::Layout layout_;
  const DoubleWord factor_;
  bool entry_ = false;                    // a key and its value: the fields of a map's entry, whatever their names
  std::vector<Column> children_;          // or the values of a dictionary
  std::vector<Hash> hashes_;              // of a window of a child
  std::vector<std::uint32_t> positions_;  // in a dictionary
};

RowDigest::Column::Column(const ArrowSchema& field)
    : field_(field),
      layout_(arrow::layout_of(field)),
      factor_(factor_of(field.name == nullptr ? std::string_view() : std::string_view(field.name))) {
  children_.reserve(static_cast<std::size_t>(field.n_children) + 1);
  if (field.dictionary != nullptr) {
    children_.emplace_back(*field.dictionary);
    positions_.resize(kWindow);
  } else {
    for (std::int64_t i = 0; i < field.n_children; ++i) children_.emplace_back(*field.children[i]);
    if (layout_.type.type == weir::Type::map) children_.front().entry_ = true;
  }
  if (!children_.empty()) hashes_.resize(kWindow * (layout_.form == Form::structure ? 2 : 1));
}

Result<void> RowDigest::Column::hash(const ColumnPath& path, const ArrowArray& array, const Selection& rows,
                                     Hash* out) {
  const Values values{path, array, layout_, rows, arrow::validity_of(array, layout_)};
  if (layout_.form == Form::null) {
    std::fill_n(out, rows.count, kNullValue);
    return {};
  }
  WEIR_TRY(children_.empty() && layout_.form != Form::structure ? hash_values(values, out) : hash_nested(values, out));
  if (values.validity == nullptr) return {};
  for_each_row(rows, [&](std::int64_t i, std::int64_t row) {
    if (!values.valid(row)) out[i] = kNullValue;
  });
  return {};
}

Result<void> RowDigest::Column::hash_nested(const Values& values, Hash* out) {
  if (field_.dictionary != nullptr) return hash_dictionary(values, out);
  switch (layout_.form) {
    case Form::list32: return hash_lists<std::int32_t>(values, out);
    case Form::list64: return hash_lists<std::int64_t>(values, out);
    case Form::fixed_list: {
      const std::int64_t width = layout_.width;
      return hash_lists(values, [width](std::int64_t row) { return std::pair(row * width, (row + 1) * width); }, out);
    }
    default: return entry_ ? hash_entries(values, out) : hash_structure(values, out);
  }
}

Result<void> RowDigest::Column::hash_structure(const Values& values, Hash* out) {
  const std::int64_t count = values.rows.count;
  std::fill_n(out, count, Hash{});
  for (std::size_t k = 0; k < children_.size(); ++k) {
    Column& child = children_[k];
    const ArrowArray& array = *values.array.children[k];
    Selection rows = values.rows;
    rows.base += array.offset;
    WEIR_TRY(child.hash({&values.path, &child.field_}, array, rows, hashes_.data()));
    for (std::int64_t i = 0; i < count; ++i) {
      const DoubleWord value = hashes_[static_cast<std::size_t>(i)].number() * child.factor_;
      out[i] = Hash::of(out[i].number() + value);
    }
  }
  for (std::int64_t i = 0; i < count; ++i) out[i] = mixed(Kind::structure, out[i].low, out[i].high);
  return {};
}

// An entry is the list of its key and its value.
Result<void> RowDigest::Column::hash_entries(const Values& values, Hash* out) {
  Hash* const parts[] = {hashes_.data(), hashes_.data() + kWindow};
  for (std::size_t k = 0; k < 2; ++k) {
    const ArrowArray& array = *values.array.children[k];
    Selection rows = values.rows;
    rows.base += array.offset;
    WEIR_TRY(children_[k].hash({&values.path, &children_[k].field_}, array, rows, parts[k]));
  }
  for (std::int64_t i = 0; i < values.rows.count; ++i) {
    Murmur pair(static_cast<std::uint32_t>(Kind::list));
    for (const Hash* part : parts) pair.block(part[i].low, part[i].high);
    out[i] = pair.finish(32);
  }
  return {};
}

template <class Index>
Result<void> RowDigest::Column::read_indices(const Values& values) {
  const auto length = static_cast<std::uint64_t>(values.array.dictionary->length);
  const void* in = values.array.buffers[1];
  bool bad = false;
  for_each_row(values.rows, [&](std::int64_t i, std::int64_t row) {
    const auto index = static_cast<std::uint64_t>(load<Index>(in, row));
    const bool counts = values.valid(row);
    bad |= counts && (index >= length || index > UINT32_MAX);
    positions_[static_cast<std::size_t>(i)] = counts ? static_cast<std::uint32_t>(index) : 0;
  });
  if (!bad) return {};
  return arrow::bad_batch(values.path, "expected indices below " + std::to_string(length) + ", found others");
}

Result<void> RowDigest::Column::read_indices(const Values& values) {
  switch (layout_.type.type) {
    case weir::Type::int8: return read_indices<std::int8_t>(values);
    case weir::Type::uint8: return read_indices<std::uint8_t>(values);
    case weir::Type::int16: return read_indices<std::int16_t>(values);
    case weir::Type::uint16: return read_indices<std::uint16_t>(values);
    case weir::Type::int32: return read_indices<std::int32_t>(values);
    case weir::Type::uint32: return read_indices<std::uint32_t>(values);
    case weir::Type::int64: return read_indices<std::int64_t>(values);
    default: return read_indices<std::uint64_t>(values);
  }
}

// Each of few words once, of many those that the rows have.
Result<void> RowDigest::Column::hash_dictionary(const Values& values, Hash* out) {
  const ArrowArray& words = *values.array.dictionary;
  const ColumnPath path{&values.path, field_.dictionary};
  WEIR_TRY(read_indices(values));
  const Selection picked{positions_.data(), words.offset, values.rows.count};
  if (words.length == 0) return {};  // all rows are null
  if (words.length > values.rows.count) return children_.front().hash(path, words, picked, out);
  WEIR_TRY(children_.front().hash(path, words, {nullptr, words.offset, words.length}, hashes_.data()));
  for (std::int64_t i = 0; i < values.rows.count; ++i) out[i] = hashes_[positions_[static_cast<std::size_t>(i)]];
  return {};
}

template <class Offset>
Result<void> RowDigest::Column::hash_lists(const Values& values, Hash* out) {
  const void* offsets = values.array.buffers[1];
  return hash_lists(
      values,
      [offsets](std::int64_t row) {
        return std::pair(std::int64_t{load<Offset>(offsets, row)}, std::int64_t{load<Offset>(offsets, row + 1)});
      },
      out);
}

// The hashes of items, computed ahead of their list: lists are often short, and the items of the next stand behind.
Result<std::span<const Hash>> RowDigest::Column::items_from(const Values& values, std::int64_t item, Items& ahead) {
  if (item < ahead.first || item >= ahead.last) {
    const ArrowArray& items = *values.array.children[0];
    ahead.first = item;
    ahead.last = std::min(item + kWindow, ahead.end);
    const Selection rows{nullptr, items.offset + item, ahead.last - item};
    WEIR_TRY(children_.front().hash({&values.path, &children_.front().field_}, items, rows, hashes_.data()));
  }
  return std::span<const Hash>(hashes_).subspan(static_cast<std::size_t>(item - ahead.first),
                                                static_cast<std::size_t>(ahead.last - item));
}

// `bounds` gives where the items of a row's list begin and end.
template <class Bounds>
Result<void> RowDigest::Column::hash_lists(const Values& values, Bounds&& bounds, Hash* out) {
  const Selection& rows = values.rows;
  const std::int64_t items = values.array.children[0]->length;
  const bool contiguous = rows.rows == nullptr && rows.count > 0;
  const std::int64_t all = contiguous ? std::min(bounds(rows.row(rows.count - 1)).second, items) : 0;
  Items ahead;
  for (std::int64_t i = 0; i < rows.count; ++i) {
    const std::int64_t row = rows.row(i);
    if (!values.valid(row)) continue;
    const auto [from, to] = bounds(row);
    if (from < 0 || to < from || to > items) {
      return arrow::bad_batch(values.path,
                              "expected ascending offsets of at most " + std::to_string(items) + ", found others");
    }
    ahead.end = std::max(to, all);
    ListHash list(layout_.type.type);
    for (std::int64_t item = from; item < to;) {
      WEIR_TRY_ASSIGN(const auto hashes, items_from(values, item, ahead));
      const auto some = hashes.first(std::min(hashes.size(), static_cast<std::size_t>(to - item)));
      list.take(some);
      item += static_cast<std::int64_t>(some.size());
    }
    out[i] = list.finish(to - from);
  }
  return {};
}

RowDigest::RowDigest(const ArrowSchema& rows)
    : schema_(weir::Schema::copy_of(rows)), rows_(std::make_unique<Column>(schema_.get())) {}
RowDigest::~RowDigest() = default;

Result<Digest> RowDigest::of(const ArrowArray& rows) { return sum(rows, nullptr, rows.length); }

Result<Digest> RowDigest::of(const ArrowArray& rows, std::span<const std::uint32_t> selected) {
  return sum(rows, selected.data(), static_cast<std::int64_t>(selected.size()));
}

Result<void> RowDigest::each(const ArrowArray& rows, std::span<Digest> out) {
  std::array<Hash, kWindow> hashes;
  const ColumnPath path{nullptr, &schema_.get()};
  for (std::int64_t from = 0; from < rows.length; from += kWindow) {
    const Selection window = part_of({nullptr, rows.offset, rows.length}, from, std::min(kWindow, rows.length - from));
    WEIR_TRY(rows_->hash(path, rows, window, hashes.data()));
    for (std::int64_t i = 0; i < window.count; ++i) {
      const Hash& hash = hashes[static_cast<std::size_t>(i)];
      out[static_cast<std::size_t>(from + i)] = {hash.low, hash.high};
    }
  }
  return {};
}

Result<Digest> RowDigest::sum(const ArrowArray& rows, const std::uint32_t* selected, std::int64_t count) {
  std::array<Hash, kWindow> hashes;
  const ColumnPath path{nullptr, &schema_.get()};
  Digest digest;
  for (std::int64_t from = 0; from < count; from += kWindow) {
    const Selection window = part_of({selected, rows.offset, count}, from, std::min(kWindow, count - from));
    WEIR_TRY(rows_->hash(path, rows, window, hashes.data()));
    for (std::int64_t i = 0; i < window.count; ++i) {
      const Hash& hash = hashes[static_cast<std::size_t>(i)];
      digest.add({hash.low, hash.high});
    }
  }
  return digest;
}

}  // namespace weir::integrity
