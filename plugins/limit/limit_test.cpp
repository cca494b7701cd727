// limit, through the ABI.
#include <weir/testing_transformer.hpp>
#include <weir/weir.hpp>

#include "weir_catch.hpp"

namespace weir {
namespace {

const weir_transformer& table() { return testing::transformer_of_plugin("limit"); }

Schema schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "n"));
  return Schema::rows(std::move(fields));
}

Array rows_of_length(std::int64_t count) {
  NumberBuilder<std::int64_t> numbers;
  for (std::int64_t i = 0; i < count; ++i) numbers.append(i);
  std::vector<Array> columns;
  columns.push_back(numbers.finish());
  return rows_of(count, std::move(columns));
}

using Numbers = std::vector<std::uint32_t>;

class Instance : public testing::TransformerInstance {
 public:
  explicit Instance(testing::Options options) : TransformerInstance("limit", schema(), std::move(options)) {
    REQUIRE(status == WEIR_OK);
  }

  // What passes of a batch of `length` rows, of which `live` are live if given.
  testing::Collected process(std::int64_t length, const Numbers* live = nullptr) {
    testing::Collected told;
    weir_batch batch = testing::batch_of(rows_of_length(length));
    if (live != nullptr) {
      batch.selected = live->data();
      batch.selected_count = live->size();
    }
    REQUIRE(table().process(self, 0, &batch, told.next(), &error) == WEIR_OK);
    batch.rows.release(&batch.rows);
    return told;
  }
};

TEST_CASE("limit passes the first rows of all batches together, and drops the rest") {
  Instance limit(testing::Options{{"/rows", 5}});
  const auto first = limit.process(3);
  CHECK(first.selected_all);
  CHECK(first.dropped == 0);
  const auto second = limit.process(3);
  CHECK(second.selected == Numbers{0, 1});
  CHECK(second.dropped == 1);
  const auto third = limit.process(3);
  CHECK_FALSE(third.selected_all);
  CHECK(third.selected.empty());
  CHECK(third.dropped == 3);
}

TEST_CASE("limit drops the rows in front of its offset, also where the offset ends within a batch") {
  Instance limit(testing::Options{{"/rows", 3}, {"/offset", 4}});
  CHECK(limit.process(3).dropped == 3);
  const auto second = limit.process(3);
  CHECK(second.dropped == 1);
  CHECK(second.selected == Numbers{1, 2});
  const auto third = limit.process(3);
  CHECK(third.selected == Numbers{0});
  CHECK(third.dropped == 2);
}

TEST_CASE("limit counts live rows, not those that a filter left out") {
  Instance limit(testing::Options{{"/rows", 2}, {"/offset", 1}});
  const Numbers live{1, 4, 6, 7};
  const auto passed = limit.process(8, &live);
  CHECK(passed.selected == Numbers{4, 6});
  CHECK(passed.dropped == 2);
}

TEST_CASE("limit of no rows passes none") {
  Instance limit(testing::Options{{"/rows", 0}});
  const auto passed = limit.process(4);
  CHECK(passed.dropped == 4);
  CHECK(passed.selected.empty());
  CHECK_FALSE(passed.selected_all);
}

TEST_CASE("limit sees all rows of a run, in order") {
  weir_traits traits{};
  traits.size = sizeof traits;
  testing::Options options{{"/rows", 5}};
  weir_error error = testing::no_error();
  REQUIRE(table().traits(options.config(), &traits, &error) == WEIR_OK);
  CHECK(traits.scope == WEIR_SCOPE_RUN);
  CHECK(traits.ordered == 1);
  CHECK(traits.takes_selection == 1);
}

TEST_CASE("limit goes on counting where a checkpoint was made") {
  testing::KeptState kept;
  {
    Instance limit(testing::Options{{"/rows", 5}, {"/offset", 1}});
    limit.process(4);
    REQUIRE(kept.snapshot(limit) == WEIR_OK);
    limit.process(1);  // what comes behind the checkpoint comes again
  }
  Instance again(testing::Options{{"/rows", 5}, {"/offset", 1}});
  REQUIRE(kept.restore(again) == WEIR_OK);
  const auto rest = again.process(4);
  CHECK(rest.selected == Numbers{0, 1});
  CHECK(rest.dropped == 2);
}

TEST_CASE("limit refuses a state that it does not know") {
  Instance limit(testing::Options{{"/rows", 5}});
  testing::KeptState kept;
  for (const char* text : {"", "1 ", "2 3 4", "1 3", "1 x 4"}) {
    kept.items = {{"counts", text}};
    CHECK(kept.restore(limit) == WEIR_FAILED_PRECONDITION);
  }
  CHECK(std::string(limit.error.message) ==
        "expected the counts of rows that a checkpoint keeps, found something else");
  CHECK(std::string(limit.error.hint) ==
        "another release of the plugin wrote them: run it, or start anew with --fresh");
}

}  // namespace
}  // namespace weir
