#include "groups.hpp"

#include <algorithm>
#include <optional>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/type_names.hpp>

#include "cell.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::aggregate {
namespace {

void check_type(const ArrowSchema& input, std::int64_t column, const std::string& option) {
  const ArrowSchema& field = *input.children[column];
  if (has_value_bytes(field)) return;
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                "column '" + std::string(column_name(input, column)) +
                    "': expected text, bytes, a number, boolean, date or time to group by, found " + type_name(field))
      .option(option)
      .hint("group by what is in it: flatten or derive can make columns of that");
}

std::vector<std::int64_t> columns_of(const Config& config, const ArrowSchema& input) {
  std::vector<std::int64_t> columns;
  for (std::uint64_t i = 0; i < config.count("/by"); ++i) {
    const std::string option = "/by/" + std::to_string(i);
    const std::int64_t column = named_column(input, config.text(option), option);
    check_type(input, column, option);
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                    "expected each column once, found '" + std::string(column_name(input, column)) + "' twice")
          .option(option)
          .hint("take one of them away");
    }
    columns.push_back(column);
  }
  return columns;
}

}  // namespace

std::uint64_t KeyHashing::of(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

Groups::Groups(const Config& config, const ArrowSchema& input)
    : input_(input), batch_(input, columns_of(config, input)) {
  start();
}

void Groups::start() {
  if (!columns().empty()) return;
  told_.clear();
  told_.add({});
  table_.number(told_);
}

std::span<const std::uint32_t> Groups::find(const Batch& batch) {
  if (columns().empty()) {
    all_.assign(static_cast<std::size_t>(batch.length()), 0);
    return all_;
  }
  batch_.lay(batch);
  return table_.number(batch_);
}

std::span<const std::uint32_t> Groups::unpack(Unpacker& from, std::size_t count) {
  told_.clear();
  for (std::size_t i = 0; i < count; ++i) told_.add(from.text());
  return table_.number(told_);
}

void Groups::clear() {
  table_.clear();
  start();
}

void Groups::pack(std::size_t from, std::size_t to, std::string& bytes) const {
  for (std::size_t i = from; i < to; ++i) append_text(bytes, table_[i]);
}

std::vector<Array> Groups::finish(std::size_t from, std::size_t to) const {
  std::vector<std::size_t> at(to - from, 0);
  std::vector<Array> made;
  for (std::size_t i = 0; i < columns().size(); ++i) {
    const auto cell = [&](std::size_t row) -> std::optional<std::string_view> {
      Unpacker key(table_[from + row].substr(at[row]));
      const bool valid = key.take<char>() != 0;
      const bool is_text = batch_.kinds()[i] == CellKind::text;
      const std::uint64_t size = is_text ? key.take<std::uint32_t>() : cell_width(batch_.kinds()[i]);
      at[row] += 1 + (is_text ? sizeof(std::uint32_t) : 0) + size;
      const std::string_view bytes = key.bytes(size);
      return valid ? std::optional(bytes) : std::nullopt;
    };
    made.push_back(column_of_cells(*input_.children[columns()[i]], to - from, cell));
  }
  return made;
}

std::string Groups::signature() const {
  std::string text;
  for (const std::int64_t column : columns()) text += cell_signature(*input_.children[column]);
  return text;
}

}  // namespace weir::aggregate
