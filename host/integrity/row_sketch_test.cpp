// Rows that one of two sketches has and the other has not.
#include "integrity/row_sketch.hpp"

#include <weir_catch.hpp>

#include <map>

namespace weir::integrity {
namespace {

Digest row(std::uint64_t number) {
  number = (number + 1) * 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 29U)) * 0xbf58476d1ce4e5b9U;
  return {number ^ (number >> 32U), number};
}

// Sketches of the rows of [from, to).
RowSketch sketch_of(std::uint64_t from, std::uint64_t to) {
  RowSketch sketch;
  for (std::uint64_t i = from; i < to; ++i) sketch.add(row(i));
  return sketch;
}

std::map<std::uint64_t, std::int64_t> counts(const RowDifferences& differences) {
  std::map<std::uint64_t, std::int64_t> counts;
  for (const auto& found : differences.rows) counts[found.name] += found.count;
  return counts;
}

}  // namespace

TEST_CASE("sketches of the same rows, in whatever order, have no difference") {
  RowSketch one = sketch_of(0, 50'000), other;
  for (std::uint64_t i = 50'000; i-- > 0;) other.add(row(i));
  one.subtract(other);
  CHECK(one.differences().rows.empty());
  CHECK(one.differences().all);
}

TEST_CASE("rows that are gone, new, and there again and again are all told, each as often") {
  RowSketch sent = sketch_of(0, 100'000), found = sketch_of(3, 100'002);
  for (int i = 0; i < 5; ++i) found.add(row(50));
  sent.add(row(60));
  sent.subtract(found);
  const auto differences = sent.differences();
  CHECK(differences.all);
  CHECK(counts(differences) == std::map<std::uint64_t, std::int64_t>{{RowSketch::name_of(row(0)), 1},
                                                                     {RowSketch::name_of(row(1)), 1},
                                                                     {RowSketch::name_of(row(2)), 1},
                                                                     {RowSketch::name_of(row(60)), 1},
                                                                     {RowSketch::name_of(row(50)), -5},
                                                                     {RowSketch::name_of(row(100'000)), -1},
                                                                     {RowSketch::name_of(row(100'001)), -1}});
}

TEST_CASE("a thousand rows that differ are all told") {
  RowSketch sent = sketch_of(0, 20'000);
  sent.subtract(sketch_of(1000, 20'000));
  const auto differences = sent.differences();
  CHECK(differences.all);
  CHECK(differences.rows.size() == 1000);
}

TEST_CASE("of too many some are told, and about how many there are") {
  RowSketch sent = sketch_of(0, 300'000);
  sent.subtract(sketch_of(200'000, 300'000));
  const auto differences = sent.differences();
  REQUIRE_FALSE(differences.all);
  const auto about = static_cast<double>(differences.rows.size() * differences.factor);
  CHECK(differences.rows.size() > 100);
  CHECK(about > 150'000);
  CHECK(about < 250'000);
  for (const auto& [name, count] : counts(differences)) CHECK(count == 1);
}

}  // namespace weir::integrity
