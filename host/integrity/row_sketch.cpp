#include "integrity/row_sketch.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace weir::integrity {
namespace {

constexpr std::size_t kStrata = 24;
constexpr std::size_t kParts = 3;        // of a stratum: a row is in one cell of each
constexpr std::size_t kPartCells = 512;  // a stratum tells about four fifths of its cells: 1,200 rows
constexpr std::size_t kCells = kParts * kPartCells;

// Another number for each number, and each `seed`: the finisher of SplitMix64.
std::uint64_t mixed_number(std::uint64_t number, std::uint64_t seed) {
  number += (seed + 1) * 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

std::array<std::size_t, kParts> cells_of(std::uint64_t name) {
  std::array<std::size_t, kParts> cells{};
  for (std::size_t part = 0; part < kParts; ++part)
    cells[part] = part * kPartCells + mixed_number(name, part) % kPartCells;
  return cells;
}

std::uint64_t check_of(std::uint64_t name) { return mixed_number(name, kParts); }

std::size_t stratum_of(std::uint64_t name) {
  return std::min<std::size_t>(static_cast<std::size_t>(std::countr_zero(mixed_number(name, kParts + 1))), kStrata - 1);
}

}  // namespace

RowSketch::RowSketch() : strata_(kStrata, Stratum(kCells)) {}

void RowSketch::put(Stratum& stratum, std::uint64_t name, std::int64_t count) {
  const Wide names = static_cast<Wide>(name) * count, checks = static_cast<Wide>(check_of(name)) * count;
  for (const std::size_t number : cells_of(name)) {
    Cell& cell = stratum[number];
    cell.count += count;
    cell.names += names;
    cell.checks += checks;
  }
}

void RowSketch::add(const Digest& row) {
  const std::uint64_t name = name_of(row);
  put(strata_[stratum_of(name)], name, 1);
}

void RowSketch::subtract(const RowSketch& other) {
  for (std::size_t i = 0; i < kStrata; ++i) {
    for (std::size_t k = 0; k < kCells; ++k) {
      Cell& cell = strata_[i][k];
      const Cell& its = other.strata_[i][k];
      cell.count -= its.count;
      cell.names -= its.names;
      cell.checks -= its.checks;
    }
  }
}

// Whether a cell holds one row, perhaps several times over.
bool RowSketch::is_one(const Cell& cell, std::uint64_t& name) {
  if (cell.count == 0 || cell.names % cell.count != 0) return false;
  const Wide one = cell.names / cell.count;
  if (one < 0 || one > static_cast<Wide>(std::numeric_limits<std::uint64_t>::max())) return false;
  name = static_cast<std::uint64_t>(one);
  return cell.checks == static_cast<Wide>(check_of(name)) * cell.count;
}

// Takes out row after row, each from a cell where it is alone; false: some are left.
bool RowSketch::peel(Stratum stratum, std::vector<RowDifferences::Row>& rows) {
  std::vector<std::size_t> open(kCells);
  for (std::size_t i = 0; i < kCells; ++i) open[i] = i;
  while (!open.empty()) {
    const std::size_t number = open.back();
    open.pop_back();
    std::uint64_t name = 0;
    if (!is_one(stratum[number], name)) continue;
    const std::int64_t count = stratum[number].count;
    rows.push_back({name, count});
    put(stratum, name, -count);
    for (const std::size_t cell : cells_of(name)) open.push_back(cell);
  }
  return std::all_of(stratum.begin(), stratum.end(), [](const Cell& cell) { return cell == Cell{}; });
}

RowDifferences RowSketch::differences() const {
  RowDifferences differences;
  for (std::size_t i = kStrata; i-- > 0;) {
    std::vector<RowDifferences::Row> rows;
    if (!peel(strata_[i], rows)) {
      differences.all = false;
      differences.factor = std::uint64_t{2} << i;
      break;
    }
    differences.rows.insert(differences.rows.end(), rows.begin(), rows.end());
  }
  return differences;
}

}  // namespace weir::integrity
