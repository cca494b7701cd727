#include "ranges.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "settings.hpp"

namespace weir::sqlite {
namespace {

constexpr std::uint64_t kBytesOfARange = std::uint64_t{2} << 20U;
constexpr std::uint64_t kRowsOfARange = 65536;  // a batch
constexpr std::uint64_t kMostRanges = 64;

}  // namespace

std::optional<Range> Range::of(std::string_view text) {
  Range range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc() || !std::string_view(first.ptr, end).starts_with("..")) return std::nullopt;
  const auto last = std::from_chars(first.ptr + 2, end, range.last);
  if (last.ec != std::errc() || last.ptr != end) return std::nullopt;
  return range;
}

std::string rowid_name(const Database& database, const std::string& table) {
  Statement kind(
      database,
      "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE AND type = 'table' "
      "AND wr = 0");
  if (!kind.with(1, table).next()) return {};
  constexpr std::array kNames = {"rowid", "_rowid_", "oid"};
  std::array<bool, kNames.size()> taken{};
  Statement columns(database, "SELECT name FROM pragma_table_xinfo(?1, 'main')");
  columns.with(1, table);
  while (columns.next()) {
    for (std::size_t i = 0; i < kNames.size(); ++i) taken[i] = taken[i] || same_identifier(columns.text(0), kNames[i]);
  }
  const auto free = std::find(taken.begin(), taken.end(), false);
  return free == taken.end() ? std::string() : kNames[static_cast<std::size_t>(free - taken.begin())];
}

std::vector<Range> ranges_of(const Database& database, const Wanted& wanted, std::uint64_t bytes) {
  const std::string rowid = wanted.table.empty() ? std::string() : rowid_name(database, wanted.table);
  if (rowid.empty()) return {};
  const std::string from = " FROM main." + quote_identifier(wanted.table);
  // Two statements: SQLite seeks for one extreme, and scans for two.
  Statement least(database, "SELECT min(" + rowid + ")" + from), most(database, "SELECT max(" + rowid + ")" + from);
  if (!least.next() || !most.next() || sqlite3_column_type(least.raw(), 0) == SQLITE_NULL) return {};
  const std::int64_t first = least.integer(0), last = most.integer(0);
  // As numbers without sign: rowids may be of both.
  const std::uint64_t span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  const std::uint64_t count = std::min({bytes / kBytesOfARange, span / kRowsOfARange, kMostRanges});
  std::vector<Range> ranges;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t begin = static_cast<std::uint64_t>(first) + span / count * i;
    ranges.push_back({static_cast<std::int64_t>(begin), static_cast<std::int64_t>(begin + span / count - 1)});
  }
  if (!ranges.empty()) ranges.back().last = last;
  return ranges;
}

}  // namespace weir::sqlite
