// Measures that pick a value of the group: the least or greatest, and that of its first or last row.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "cell.hpp"
#include "measure.hpp"

namespace weir::aggregate {

// What a text that a group keeps takes beside its own 32 bytes.
inline std::uint64_t heap_bytes(const std::string& text) { return text.capacity() > 15 ? text.capacity() + 1 : 0; }

// The least or greatest value of T, the number of a cell, or a text by its bytes. What is not a number is greater than any. Nulls
// don't count.
template <class T>
class Extreme final : public Measure {
 public:
  Extreme(const ArrowSchema& input, std::int64_t column, bool is_greatest)
      : field_(*input.children[column]), column_(column), is_greatest_(is_greatest) {}
  void resize(std::size_t groups) override {
    values_.resize(groups);
    seen_.resize(groups);
    if (groups == 0) heap_ = 0;
  }
  void add(const Batch& batch, std::span<const std::uint32_t> groups) override {
    each_value(field_, batch.column(column_), batch.outer(), batch.length(),
               [&]<class Found>(std::int64_t row, ValueKind kind, Found found) {
                 if (kind == ValueKind::null) return;
                 constexpr bool kIsText = std::is_same_v<Found, std::string_view>;
                 if constexpr (kIsText == kOfText) consider(groups[static_cast<std::size_t>(row)], found);
               });
  }
  void pack(std::size_t from, std::size_t to, For /*whom*/, std::string& bytes) override {
    for (std::size_t i = from; i < to; ++i) {
      append_value(bytes, seen_[i]);
      if (seen_[i] == 0) continue;
      if constexpr (kOfText) {
        append_text(bytes, values_[i]);
      } else {
        append_value(bytes, values_[i]);
      }
    }
  }
  void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For /*whom*/) override {
    for (const std::uint32_t group : groups) {
      if (from.take<std::uint8_t>() == 0) continue;
      if constexpr (kOfText) {
        consider(group, from.text());
      } else {
        consider(group, from.take<T>());
      }
    }
  }
  Array finish(std::size_t from, std::size_t to) const override {
    return column_of_cells(field_, to - from, [&](std::size_t row) -> std::optional<std::string_view> {
      if (seen_[from + row] == 0) return std::nullopt;
      if constexpr (kOfText) {
        return values_[from + row];
      } else {
        return std::string_view(reinterpret_cast<const char*>(&values_[from + row]), sizeof(T));
      }
    });
  }
  std::uint64_t bytes() const override { return values_.capacity() * sizeof(T) + seen_.capacity() + heap_; }

 private:
  static constexpr bool kOfText = std::is_same_v<T, std::string>;

  static bool is_less(const auto& a, const auto& b) {
    if constexpr (std::is_same_v<T, double>) {
      return std::isnan(a) ? false : std::isnan(b) || a < b;
    } else {
      return a < b;
    }
  }
  void consider(std::uint32_t group, const auto& found) {
    T& value = values_[group];
    if constexpr (kOfText) {
      const std::string_view kept = value;
      if (seen_[group] != 0 && !(is_greatest_ ? kept < found : found < kept)) return;
      const std::uint64_t before = heap_bytes(value);
      value = found;
      heap_ = heap_ - before + heap_bytes(value);
    } else {
      const auto given = static_cast<T>(found);
      if (seen_[group] != 0 && !(is_greatest_ ? is_less(value, given) : is_less(given, value))) return;
      value = given;
    }
    seen_[group] = 1;
  }

  const ArrowSchema& field_;
  std::int64_t column_;
  bool is_greatest_;
  std::vector<T> values_;
  std::vector<std::uint8_t> seen_;
  std::uint64_t heap_ = 0;  // bytes of long texts
};

// The value in the group's first or last row, which may be null. Batches, and what is unpacked, come in the order of rows.
class Picked final : public Measure {
 public:
  Picked(const ArrowSchema& input, std::int64_t column, bool is_last)
      : field_(*input.children[column]), column_(column), is_last_(is_last) {}
  void resize(std::size_t groups) override {
    cells_.resize(groups);
    if (groups == 0) heap_ = 0;
  }
  void add(const Batch& batch, std::span<const std::uint32_t> groups) override {
    each_value(field_, batch.column(column_), batch.outer(), batch.length(),
               [&]<class Found>(std::int64_t row, ValueKind kind, Found found) {
                 const std::uint32_t group = groups[static_cast<std::size_t>(row)];
                 if (!is_last_ && !cells_[group].empty()) return;
                 if (kind == ValueKind::null) return put(group, false, {});
                 if constexpr (std::is_same_v<Found, std::string_view>) {
                   put(group, true, found);
                 } else {
                   const auto number = cell_number(found);
                   put(group, true, {reinterpret_cast<const char*>(&number), sizeof number});
                 }
               });
  }
  void pack(std::size_t from, std::size_t to, For /*whom*/, std::string& bytes) override {
    for (std::size_t i = from; i < to; ++i) append_text(bytes, cells_[i]);
  }
  void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For /*whom*/) override {
    for (const std::uint32_t group : groups) {
      const std::string_view cell = from.text();
      if (cell.empty() || (!is_last_ && !cells_[group].empty())) continue;
      put(group, cell[0] != 0, cell.substr(1));
    }
  }
  Array finish(std::size_t from, std::size_t to) const override {
    return column_of_cells(field_, to - from, [&](std::size_t row) -> std::optional<std::string_view> {
      const std::string& cell = cells_[from + row];
      if (cell.empty() || cell[0] == 0) return std::nullopt;
      return std::string_view(cell).substr(1);
    });
  }
  std::uint64_t bytes() const override { return cells_.capacity() * sizeof(std::string) + heap_; }

 private:
  void put(std::uint32_t group, bool valid, std::string_view cell) {
    std::string& to = cells_[group];
    const std::uint64_t before = heap_bytes(to);
    to.assign(1, valid ? '\1' : '\0');
    to += cell;
    heap_ = heap_ - before + heap_bytes(to);
  }

  const ArrowSchema& field_;
  std::int64_t column_;
  bool is_last_;
  std::vector<std::string> cells_;  // whether there is a value, and its cell; empty: the group has no row
  std::uint64_t heap_ = 0;
};

}  // namespace weir::aggregate
