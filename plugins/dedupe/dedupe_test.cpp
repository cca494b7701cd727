// dedupe, through the ABI.
#include <random>
#include <set>

#include <weir/ext/reads.h>

#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "row_keys.hpp"

namespace weir {
namespace {

using Rows = std::vector<std::uint32_t>;
using Values = std::vector<std::pair<std::int64_t, const char*>>;

const weir_component& component() { return *testing::component_of(weir_plugin_v1(), "dedupe"); }
const weir_transformer& table() { return testing::transformer_of_plugin("dedupe"); }

std::vector<Schema> fields() { return fields_of(Schema::field("l", "id"), Schema::field("u", "name")); }

// A negative id is a null, and so is a null name.
Array rows_from(const Values& values) {
  NumberBuilder<std::int64_t> ids;
  TextBuilder names;
  for (const auto& [id, name] : values) {
    if (id < 0) {
      ids.append_null();
    } else {
      ids.append(id);
    }
    if (name == nullptr) {
      names.append_null();
    } else {
      names.append(name);
    }
  }
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(names.finish());
  return rows_of(static_cast<std::int64_t>(values.size()), std::move(columns));
}

class Instance : public testing::TransformerInstance {
 public:
  explicit Instance(testing::Options options, Schema input = Schema::rows(fields()), std::int64_t memory = 1 << 20)
      : TransformerInstance("dedupe", std::move(input), std::move(options.with({"/memory", memory}))) {}

  // The rows that pass of those of `rows` from `offset` on, of `live` ones if given.
  Rows passed(Array rows, std::int64_t offset = 0, const Rows* live = nullptr) {
    weir_batch batch = testing::batch_of(std::move(rows));
    batch.rows.offset += offset;
    batch.rows.length -= offset;
    if (live != nullptr) {
      batch.selected = live->data();
      batch.selected_count = live->size();
    }
    testing::Collected told;
    status = table().process(self, 0, &batch, told.next(), &error);
    Rows all = live != nullptr ? *live : Rows();
    for (std::uint32_t row = 0; live == nullptr && row < batch.rows.length; ++row) all.push_back(row);
    batch.rows.release(&batch.rows);
    CHECK(told.pushed.empty());
    const Rows passed = told.selected_all ? all : told.selected;
    if (status == WEIR_OK) CHECK(passed.size() + told.dropped == all.size());
    return passed;
  }
  Rows passed(const Values& values) { return passed(rows_from(values)); }
};

testing::Options by_id() { return {{"/key/0", "id"}}; }

TEST_CASE("dedupe passes the first row of each key, in one batch and over many") {
  Instance dedupe(by_id());
  REQUIRE(dedupe.status == WEIR_OK);
  CHECK(dedupe.passed({{1, "a"}, {2, "b"}, {1, "c"}, {3, "a"}, {2, "b"}}) == Rows{0, 1, 3});
  CHECK(dedupe.passed({{4, "a"}, {5, "a"}}) == Rows{0, 1});
  CHECK(dedupe.passed({{5, "x"}, {1, "x"}}).empty());
  CHECK(dedupe.passed(Values()).empty());
}

TEST_CASE("a key of several columns is one as a whole, in the order of its columns") {
  Instance dedupe({{"/key/0", "id"}, {"/key/1", "name"}});
  CHECK(dedupe.passed({{1, "a"}, {1, "b"}, {2, "a"}, {1, "a"}, {2, "b"}, {2, "a"}}) == Rows{0, 1, 2, 4});
  Instance texts({{"/key/0", "a"}, {"/key/1", "b"}},
                 Schema::rows(fields_of(Schema::field("u", "a"), Schema::field("u", "b"))));
  const auto of_texts = [](const std::vector<const char*>& a, const std::vector<const char*>& b) {
    std::vector<Array> columns;
    columns.push_back(testing::text_column(a));
    columns.push_back(testing::text_column(b));
    return rows_of(static_cast<std::int64_t>(a.size()), std::move(columns));
  };
  CHECK(texts.passed(of_texts({"ab", "a", "", "abc", "ab"}, {"c", "bc", "abc", "", "c"})) == Rows{0, 1, 2, 3});
}

TEST_CASE("without a key rows are compared in all columns, nulls among them") {
  Instance dedupe({});
  CHECK(dedupe.passed({{1, "a"}, {1, nullptr}, {-1, "a"}, {1, "a"}, {-1, "a"}, {1, nullptr}, {1, ""}}) ==
        Rows{0, 1, 2, 6});
}

TEST_CASE("a null in the key is like no other, or like each other, as the option says") {
  const Values values{{-1, "a"}, {-1, "a"}, {0, "a"}, {-1, "b"}, {0, "b"}};
  CHECK(Instance(by_id()).passed(values) == Rows{0, 1, 2, 3});
  CHECK(Instance({{"/key/0", "id"}, {"/nulls", "distinct"}}).passed(values) == Rows{0, 1, 2, 3});
  CHECK(Instance({{"/key/0", "id"}, {"/nulls", "equal"}}).passed(values) == Rows{0, 2});
  CHECK(Instance({{"/nulls", "distinct"}}).passed({{1, nullptr}, {1, nullptr}, {1, "a"}, {1, "a"}}) == Rows{0, 1, 2});
}

TEST_CASE("only live rows count, from where a slice begins") {
  Instance dedupe(by_id());
  const Rows live{1, 3, 4};
  CHECK(dedupe.passed(rows_from({{9, ""}, {1, ""}, {2, ""}, {1, ""}, {3, ""}}), 0, &live) == Rows{1, 4});
  CHECK(dedupe.passed({{2, ""}, {9, ""}}) == Rows{0, 1});
  CHECK(dedupe.passed(rows_from({{7, ""}, {1, ""}, {8, ""}}), 1) == Rows{1});
  CHECK(dedupe.passed({{7, ""}}) == Rows{0});
}

TEST_CASE("dedupe agrees with a set, whatever the number and the order of keys, also through checkpoints") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::set<std::int64_t> seen;
  testing::KeptState kept;
  auto dedupe = std::make_unique<Instance>(by_id(), Schema::rows(fields()), 16 << 20);
  for (int batch = 0; batch < 60; ++batch) {
    Values values;
    Rows expected;
    for (std::uint32_t row = 0; row < 5000; ++row) {
      values.emplace_back(static_cast<std::int64_t>(random() % 200'000), "x");
      if (seen.insert(values.back().first).second) expected.push_back(row);
    }
    REQUIRE(dedupe->passed(values) == expected);
    if (batch % 3 == 0) REQUIRE(kept.snapshot(*dedupe) == WEIR_OK);
    if (batch % 6 == 0) {
      auto next = std::make_unique<Instance>(by_id(), Schema::rows(fields()), 16 << 20);
      REQUIRE(kept.restore(*next, 1 + random() % 3) == WEIR_OK);
      dedupe = std::move(next);
    }
  }
}

TEST_CASE("a snapshot has the keys that are new, and none twice") {
  testing::KeptState kept;
  Instance dedupe(by_id());
  REQUIRE(kept.snapshot(dedupe) == WEIR_OK);
  CHECK(kept.told == 1);  // what hashes begin with
  dedupe.passed({{1, ""}, {2, ""}, {1, ""}});
  REQUIRE(kept.snapshot(dedupe) == WEIR_OK);
  CHECK(kept.told == 1);
  REQUIRE(kept.snapshot(dedupe) == WEIR_OK);
  CHECK(kept.told == 0);
  dedupe.passed({{1, ""}, {3, ""}});
  REQUIRE(kept.snapshot(dedupe) == WEIR_OK);
  std::size_t bytes = 0;
  for (const auto& [key, value] : kept.items) bytes += value.size();
  CHECK(bytes == 9 + 33 + 17);
}

TEST_CASE("a snapshot that failed is told whole the next time") {
  Instance dedupe(by_id());
  dedupe.passed({{1, ""}, {2, ""}});
  const weir_state_sink full{sizeof(weir_state_sink),
                             [](const weir_state_sink*, weir_bytes key, weir_bytes) -> weir_status {
                               return to_view(key) == "seed" ? WEIR_OK : WEIR_UNAVAILABLE;
                             },
                             nullptr};
  CHECK(dedupe.state()->snapshot(dedupe.self, &full, &dedupe.error) == WEIR_UNAVAILABLE);
  testing::KeptState kept;
  REQUIRE(kept.snapshot(dedupe) == WEIR_OK);
  CHECK(kept.told == 2);
  Instance next(by_id());
  REQUIRE(kept.restore(next) == WEIR_OK);
  CHECK(next.passed({{1, ""}, {3, ""}, {2, ""}}) == Rows{1});
}

TEST_CASE("keys that a checkpoint keeps are known though a column has become wider") {
  testing::KeptState kept;
  Instance narrow({{"/key/0", "id"}}, Schema::rows(fields_of(Schema::field("c", "id"))));
  NumberBuilder<std::int8_t> ids;
  ids.append(5);
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  CHECK(narrow.passed(rows_of(1, std::move(columns))) == Rows{0});
  REQUIRE(kept.snapshot(narrow) == WEIR_OK);
  Instance wide(by_id());
  REQUIRE(kept.restore(wide) == WEIR_OK);
  CHECK(wide.passed({{5, ""}, {6, ""}}) == Rows{1});
}

TEST_CASE("dedupe takes as much memory as it may, and keys that it knows pass for what they are when it is spent") {
  Instance dedupe(by_id(), Schema::rows(fields()), 256 << 10);
  Values values;
  for (std::int64_t id = 0; id < 20'000; ++id) values.emplace_back(id, "x");
  dedupe.passed(values);
  CHECK(dedupe.status == WEIR_FAILED_PRECONDITION);
  CHECK(dedupe.error.row > (256 << 10) / 64);
  CHECK(dedupe.passed({{1, ""}, {2, ""}}).empty());
  CHECK(dedupe.status == WEIR_OK);
  KeySet keys(256 << 10);
  std::uint64_t count = 0;
  while (keys.add({(count + 1) * 0x9E3779B97F4A7C15ULL, (count + 1) * 0xD1B54A32D192ED03ULL}) == KeySet::Added::fresh)
    ++count;
  CHECK(keys.bytes() <= 256 << 10);
  CHECK(keys.size() == count);
}

TEST_CASE("keys that differ in one half of their bits are two") {
  KeySet keys(1 << 20);
  CHECK(keys.add({7, 1}) == KeySet::Added::fresh);
  CHECK(keys.add({7, 2}) == KeySet::Added::fresh);
  CHECK(keys.add({7 | std::uint64_t{1} << 40U, 1}) == KeySet::Added::fresh);
  CHECK(keys.add({7, 2}) == KeySet::Added::seen);
  CHECK(keys.add({}) == KeySet::Added::fresh);
  CHECK(keys.add({}) == KeySet::Added::seen);
}

TEST_CASE("dedupe sees all rows of a run, in order, reads its key, and remembers") {
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options = by_id();
  weir_error error = testing::no_error();
  REQUIRE(table().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.scope == WEIR_SCOPE_RUN);
  CHECK(traits.ordered == 1);
  CHECK(traits.takes_selection == 1);
  const auto& reads = *static_cast<const weir_reads*>(component().extension(to_weir(std::string_view(WEIR_READS))));
  const Instance dedupe(by_id());
  testing::Bytes names;
  REQUIRE(reads.columns(dedupe.self, 0, names.sink(), &error) == WEIR_OK);
  CHECK(names.kept == std::vector<std::string>{"id"});
  CHECK(dedupe.state() != nullptr);
}

TEST_CASE("every message of dedupe is what its golden file says") {
  test::Golden golden(WEIR_GOLDEN "/messages.txt");
  const auto tell = [&](const char* title, const weir_error& error) {
    golden.tell(title, std::string(error.option) + ": " + error.message + "\nhint: " + error.hint);
  };
  tell("a column that is not there", Instance({{"/key/0", "nmae"}}).error);
  const auto listed = [] {
    std::vector<Schema> item;
    item.push_back(Schema::field("l", "item"));
    return Schema::rows(fields_of(Schema::field("l", "id"), Schema::field("+l", "tags", true, {}, std::move(item))));
  };
  tell("a list in the key", Instance({{"/key/0", "id"}, {"/key/1", "tags"}}, listed()).error);
  tell("a list among all columns", Instance({}, listed()).error);
  Instance small(by_id(), Schema::rows(fields()), 128 << 10);
  Values values;
  for (std::int64_t id = 0; id < 20'000; ++id) values.emplace_back(id, "x");
  small.passed(values);
  tell("more keys than memory has room for", small.error);
  testing::KeptState kept;
  Instance large(by_id());
  large.passed(values);
  REQUIRE(kept.snapshot(large) == WEIR_OK);
  Instance again(by_id(), Schema::rows(fields()), 128 << 10);
  CHECK(kept.restore(again) == WEIR_FAILED_PRECONDITION);
  tell("more keys in the checkpoint than memory has room for", again.error);
  for (const auto& [key, value] : {std::pair("keys:0", "2"), std::pair("keys:0", "1x"), std::pair("keys:0", ""),
                                   std::pair("seed", "2"), std::pair("more", "1")}) {
    Instance other(by_id());
    kept.items = {{key, value}};
    CHECK(kept.restore(other) == WEIR_FAILED_PRECONDITION);
    if (std::string_view(key) == "more") tell("a checkpoint of another release", other.error);
  }
  golden.end();
}

}  // namespace
}  // namespace weir
