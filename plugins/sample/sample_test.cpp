// sample, through the ABI.
#include <algorithm>
#include <cmath>
#include <iterator>

#include <weir/ext/reads.h>

#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "row_hash.hpp"

namespace weir {
namespace {

using Names = std::vector<std::string>;
using Rows = std::vector<std::uint32_t>;

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "sample"); }
const weir_transformer& table() { return testing::transformer_of_plugin("sample"); }

std::vector<Schema> fields() { return fields_of(Schema::field("l", "id"), Schema::field("u", "name")); }

// Rows [first, end): id is the number of the row, name one of a hundred.
Array numbered(std::int64_t first, std::int64_t end) {
  NumberBuilder<std::int64_t> ids;
  TextBuilder names;
  for (std::int64_t i = first; i < end; ++i) {
    ids.append(i);
    names.append("n" + std::to_string(i % 100));
  }
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(names.finish());
  return rows_of(end - first, std::move(columns));
}

class Instance : public testing::TransformerInstance {
 public:
  explicit Instance(testing::Options options)
      : TransformerInstance("sample", Schema::rows(fields()), std::move(options)) {}

  // The rows that are kept of those of `rows` from `offset` on, of `live` ones if given.
  Rows kept(Array rows, std::int64_t offset = 0, const Rows* live = nullptr) {
    weir_batch batch = testing::batch_of(std::move(rows));
    batch.rows.offset += offset;
    batch.rows.length -= offset;
    const auto all = live == nullptr ? static_cast<std::size_t>(batch.rows.length) : live->size();
    if (live != nullptr) {
      batch.selected = live->data();
      batch.selected_count = live->size();
    }
    testing::Collected told;
    REQUIRE(table().process(self, 0, &batch, told.next(), &error) == WEIR_OK);
    batch.rows.release(&batch.rows);
    CHECK(told.pushed.empty());
    CHECK(told.selected.size() + told.dropped == all);
    return told.selected;
  }
};

Rows kept_of(testing::Options options, std::int64_t rows) {
  return Instance(std::move(options)).kept(numbered(0, rows));
}

std::uint64_t hash_of(std::string_view format, const Array& column, std::int64_t rows = 1) {
  sample::Hashes hashes(static_cast<std::size_t>(rows), sample::hash_of_seed(0));
  sample::take_column_in(Schema::field(format, "c").get(), column.get(), 0, hashes);
  return hashes.back();
}

template <class Builder, class Value>
std::uint64_t value_hash(std::string_view format, Builder builder, Value value) {
  builder.append(value);
  return hash_of(format, builder.finish());
}

template <class T>
std::uint64_t number_hash(std::string_view format, T value) {
  return value_hash(format, NumberBuilder<T>(), value);
}

TEST_CASE("sample keeps its share, within four sigma, whatever the seed") {
  constexpr double kRows = 100000;
  for (const double share : {0.001, 0.01, 0.1, 0.5, 0.9}) {
    for (int seed = -1; seed < 4; ++seed) {
      INFO(share << " " << seed);
      const auto kept = static_cast<double>(kept_of({{"/share", share}, {"/seed", seed}}, 100000).size());
      CHECK(std::fabs(kept - kRows * share) < 4 * std::sqrt(kRows * share * (1 - share)));
    }
  }
  CHECK(kept_of({{"/share", 1}}, 1000).size() == 1000);
}

TEST_CASE("samples of two seeds have nothing to do with each other") {
  const Rows first = kept_of({{"/share", 0.1}, {"/seed", 1}}, 100000);
  for (const int seed : {0, 2, 3, 1000}) {
    const Rows second = kept_of({{"/share", 0.1}, {"/seed", seed}}, 100000);
    Rows both;
    std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(both));
    INFO(seed);
    CHECK(std::fabs(static_cast<double>(both.size()) - 1000) < 4 * std::sqrt(990.0));
  }
}

TEST_CASE("a larger share has all rows of a smaller one") {
  const Rows small = kept_of({{"/share", 0.1}}, 10000), large = kept_of({{"/share", 0.3}}, 10000);
  CHECK(std::includes(large.begin(), large.end(), small.begin(), small.end()));
}

TEST_CASE("sample keeps the same rows however they are cut, sliced and selected") {
  const Rows whole = kept_of({{"/share", 0.3}}, 1000);
  Instance sample({{"/share", 0.3}});
  Rows parts;
  for (std::int64_t first = 0; first < 1000; first += 250) {
    for (const std::uint32_t row : sample.kept(numbered(first, first + 250)))
      parts.push_back(row + static_cast<std::uint32_t>(first));
  }
  CHECK(parts == whole);
  Rows sliced;
  for (const std::uint32_t row : sample.kept(numbered(0, 1000), 123)) sliced.push_back(row + 123);
  CHECK(sliced == Rows(std::lower_bound(whole.begin(), whole.end(), 123U), whole.end()));
  Rows live, expected;
  for (std::uint32_t row = 0; row < 1000; row += 3) live.push_back(row);
  std::set_intersection(live.begin(), live.end(), whole.begin(), whole.end(), std::back_inserter(expected));
  CHECK(sample.kept(numbered(0, 1000), 0, &live) == expected);
  CHECK(sample.kept(numbered(0, 0)).empty());
}

TEST_CASE("rows of equal values in the columns of by are kept or dropped together") {
  const Rows kept = kept_of({{"/share", 0.3}, {"/by/0", "name"}}, 10000);
  REQUIRE_FALSE(kept.empty());
  std::vector<int> per_name(100);
  for (const std::uint32_t row : kept) ++per_name[row % 100];
  for (const int count : per_name) CHECK((count == 0 || count == 100));
}

TEST_CASE("a value has one hash, in every width and layout; and other values have others") {
  const std::uint64_t five = number_hash<std::int64_t>("l", 5);
  CHECK(five == number_hash<std::int8_t>("c", 5));
  CHECK(five == number_hash<std::uint16_t>("S", 5));
  CHECK(five == number_hash<std::uint64_t>("L", 5));
  CHECK(number_hash<std::uint64_t>("L", UINT64_MAX) != number_hash<std::int64_t>("l", -1));
  CHECK(number_hash<double>("g", 0.5) == number_hash<float>("f", 0.5F));
  CHECK(number_hash<double>("g", 0.5) == number_hash<Half>("e", to_half(0.5F)));
  CHECK(number_hash<double>("g", -0.0) == number_hash<double>("g", 0.0));
  CHECK(number_hash<double>("g", NAN) == number_hash<double>("g", -NAN));
  CHECK(number_hash<double>("g", 5) != five);
  const std::uint64_t text = value_hash("u", TextBuilder(), "a text of some length");
  CHECK(text == value_hash("U", LargeTextBuilder(), "a text of some length"));
  CHECK(text == value_hash("vu", ViewBuilder(), "a text of some length"));
  CHECK(text != value_hash("z", TextBuilder(), "a text of some length"));
  CHECK(value_hash("z", TextBuilder(), "ab") == value_hash("w:2", FixedBinaryBuilder(2), "ab"));
  CHECK(value_hash("b", BooleanBuilder(), true) != value_hash("b", BooleanBuilder(), false));
  CHECK(number_hash<std::int32_t>("tdD", 5) != five);
  CHECK(number_hash<std::int64_t>("tsu:UTC", 5) != number_hash<std::int64_t>("tsm:UTC", 5));
  CHECK(number_hash<Int128>("d:10,2", 5) != number_hash<Int128>("d:10,2", 6));
  CHECK(number_hash<Int256>("d:40,2,256", Int256{{5, 0, 0, 0}}) !=
        number_hash<Int256>("d:40,2,256", Int256{{6, 0, 0, 0}}));
  CHECK(number_hash<MonthsDays>("tin", MonthsDays{1, 2, 3}) != number_hash<MonthsDays>("tin", MonthsDays{1, 2, 4}));
}

TEST_CASE("a null has a hash of its own, whatever lies beneath it") {
  TextBuilder texts;
  texts.append_null();
  const std::uint64_t null = hash_of("u", texts.finish());
  CHECK(null != value_hash("u", TextBuilder(), ""));
  NumberBuilder<std::int64_t> numbers;
  numbers.append_null();
  CHECK(null == hash_of("l", numbers.finish()));
  CHECK(null == hash_of("n", make_array(1, 1, {})));
}

TEST_CASE("sample reads the columns that it decides by, and needs rows in no order") {
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  weir_error error = testing::no_error();
  testing::Bytes all, one;
  const Instance by_all({{"/share", 0.5}}), by_one({{"/share", 0.5}, {"/by/0", "name"}});
  REQUIRE(reads.columns(by_all.self, 0, all.sink(), &error) == WEIR_OK);
  REQUIRE(reads.columns(by_one.self, 0, one.sink(), &error) == WEIR_OK);
  CHECK(all.kept == Names{"id", "name"});
  CHECK(one.kept == Names{"name"});
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options{{"/share", 0.5}};
  REQUIRE(table().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.takes_selection == 1);
  CHECK(traits.ordered == 0);
}

TEST_CASE("every message of sample is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  for (const char* name : {"nmae", "zzzzzzz"}) {
    const Instance made({{"/share", 0.5}, {"/by/0", "id"}, {"/by/1", name}});
    CHECK(made.status == WEIR_INVALID_ARGUMENT);
    golden.tell(name, std::string(made.error.option) + ": " + made.error.message + "\nhint: " + made.error.hint);
  }
  golden.end();
}

}  // namespace
}  // namespace weir
