// What a source is asked for, and what becomes of its rows.
#include "pipeline/narrowing.hpp"

#include <weir_catch.hpp>

#include "arrow/json.hpp"
#include "arrow/schema.hpp"
#include "arrow/validate.hpp"
#include "pipeline/fake_world.hpp"
#include "pipeline/links/sources.hpp"

namespace weir::pipeline {
namespace {

weir::Schema three() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("u", "m"));
  fields.push_back(weir::Schema::field("l", "n"));
  fields.push_back(weir::Schema::field("vu", "view"));
  return weir::Schema::rows(std::move(fields));
}

weir::Schema two() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("u", "m"));
  fields.push_back(weir::Schema::field("l", "n"));
  return weir::Schema::rows(std::move(fields));
}

Condition at_least(std::int64_t number) {
  weir::NumberBuilder<std::int64_t> constant;
  constant.append(number);
  return {"n", WEIR_IS_GREATER_OR_EQUAL, weir::Schema::field("l", "constant"), constant.finish()};
}

// What the extractor was asked for last; it has the columns m and n, and gives n alone if that is all that is wanted.
struct Asked {
  std::vector<std::string> columns;
  std::uint64_t conditions = 0;
  std::int64_t constant = 0;
};
Asked asked;

weir_status open_narrow(const weir_context* context, const weir_split* split, weir_bytes position,
                        const weir_wanted* const* wanted, std::uint64_t, const weir_schema_sink* sink, void** self,
                        weir_error* error) {
  asked = {};
  for (std::uint64_t i = 0; i < wanted[0]->column_count; ++i)
    asked.columns.push_back(fake::text_of(wanted[0]->columns[i]));
  asked.conditions = wanted[0]->condition_count;
  if (asked.conditions > 0) {
    const ArrowArray& constants = *wanted[0]->constants;
    asked.constant = weir::NumberColumn<std::int64_t>(*constants.children[wanted[0]->conditions[0]->constant])[0];
  }
  return fake::detail::open_split(context, split, position, sink, self, error);
}

// The fake extractor, wide: of the columns m and n.
weir_status open_wide(const weir_context*, const weir_split*, weir_bytes, const weir_schema_sink* sink, void** self,
                      weir_error*) {
  const weir::Schema schema = two();
  *self = new fake::detail::Numbers;
  return sink->same(sink, {nullptr, 0}, &schema.get());
}

std::shared_ptr<Component> narrow_extractor() {
  static const weir_pushdown pushdown{sizeof(weir_pushdown), open_narrow, nullptr};
  static const weir_extractor table = [] {
    weir_extractor made = fake::detail::extractor_table(false);
    made.open = open_wide;
    return made;
  }();
  return fake::component(WEIR_KIND_EXTRACTOR, &table, "extractor",
                         [](weir_string) -> const void* { return &pushdown; });
}

}  // namespace

TEST_CASE("what is left out comes back empty, in its place; what can't be stood in for is read") {
  const weir::Schema all = three();
  const auto narrowing = Narrowing::make(all.get(), {false, true, false}, {});
  REQUIRE(narrowing != nullptr);
  CHECK(arrow::describe(narrowing->pushed().front().get()) == "n int64?, view string?");
  CHECK(narrowing->wanted().column_count == 2);
  CHECK(fake::text_of(narrowing->wanted().columns[0]) == "n");
  CHECK(narrowing->leaves_out(0));
  CHECK_FALSE(narrowing->leaves_out(2));
}

TEST_CASE("rows of some columns become rows of all") {
  const weir::Schema all = two();
  const auto narrowing = Narrowing::make(all.get(), {false, true}, {});
  REQUIRE(narrowing != nullptr);
  const weir::Array wide = narrowing->widen(fake::rows({7, 8}));
  REQUIRE(arrow::check_shape(wide.get(), all.get()));
  std::string text;
  arrow::append_row_as_json(text, wide.get(), all.get(), 1);
  CHECK(text == R"({"m":null,"n":8})");
}

TEST_CASE(
    "where all is read and nothing is known there is nothing to gain; where nothing is read, one column counts rows") {
  const weir::Schema all = two();
  CHECK(Narrowing::make(all.get(), {true, true}, {}) == nullptr);
  const auto counted = Narrowing::make(all.get(), {false, false}, {});
  REQUIRE(counted != nullptr);
  CHECK(arrow::describe(counted->pushed().front().get()) == "m string?");
  std::vector<Condition> conditions;
  conditions.push_back(at_least(3));
  const auto chosen = Narrowing::make(all.get(), {true, true}, std::move(conditions));
  REQUIRE(chosen != nullptr);
  CHECK(chosen->wanted().column_count == 0);  // all
  CHECK(chosen->wanted().condition_count == 1);
}

TEST_CASE("an extractor that can is asked for the columns that are read and told the conditions, and opened anew") {
  fake::World world;
  world.splits = {{"a", {1, 2}}};
  const auto source = make_extractor_source(narrow_extractor(), {});
  REQUIRE(source->plan());
  std::vector<Condition> conditions;
  conditions.push_back(at_least(3));
  source->narrow(Narrowing::make(source->schemas().front().get(), {false, true}, std::move(conditions)));
  const auto reader = source->open(0, {});
  if (!reader) FAIL(reader.error().message);
  CHECK(asked.columns == std::vector<std::string>{"n"});
  CHECK(asked.conditions == 1);
  CHECK(asked.constant == 3);
  integrity::Account account;
  Outlet outlet(outlet_setup(*source, true), &account, nullptr);
  std::vector<std::string> rows;
  const Deliver collect = [&](const Batch& batch) -> base::Result<void> {
    for (std::int64_t row = 0; row < batch.rows.length(); ++row)
      arrow::append_row_as_json(rows.emplace_back(), batch.rows.get(), source->schemas().front().get(), row);
    return {};
  };
  REQUIRE((*reader)->read(outlet, collect));
  CHECK(rows == std::vector<std::string>{R"({"m":null,"n":1})", R"({"m":null,"n":2})"});
}

TEST_CASE("a source that can't leave columns out gives all") {
  fake::World world;
  world.splits = {{"a", {1}}};
  world.objects = {{"a.txt", "n\n1\n"}};
  const auto extracted = make_extractor_source(fake::extractor(), {});
  auto reading = std::make_shared<FileReading>();
  reading->storage = fake::storage();
  reading->formats = {fake::format()};
  reading->expansion.bytes = 100;
  const auto files = make_file_source(reading, "*");
  for (const auto& source : {extracted.get(), files.get()}) {
    REQUIRE(source->plan());
    source->narrow(Narrowing::make(two().get(), {false, true}, {}));
    CHECK(source->narrowing() == nullptr);
    CHECK(source->open(0, {}));
  }
}

}  // namespace weir::pipeline
