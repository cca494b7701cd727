// The extractor through the ABI: what kinds give, and that splits, batches and positions don't change it.
#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include <algorithm>
#include <set>
#include <sstream>

#include "weir_catch.hpp"

namespace weir {
namespace {

const weir_extractor& extractor() {
  return *static_cast<const weir_extractor*>(testing::component_of(weir_plugin_v1(), "generate")->table);
}

// A cell as text.
std::string cell(const ArrowSchema& field, const ArrowArray& column, std::int64_t row) {
  if (!Validity(column).valid(row)) return "NULL";
  switch (type_of(field).type) {
    case Type::float64: return std::to_string(NumberColumn<double>(column)[row]);
    case Type::boolean: return BooleanColumn(column)[row] ? "true" : "false";
    case Type::utf8: return std::string(TextColumn(column)[row]);
    default: return std::to_string(NumberColumn<std::int64_t>(column)[row]);
  }
}

struct Made {
  std::vector<std::string> rows;  // cells joined by '|'
  std::vector<std::string> formats;
  std::size_t splits = 0;
  std::string problem;
};

// Reads a split from a position on; `stop_after` batches (0: all). Gives the position it stopped at.
std::string read_split(testing::Surroundings& surroundings, const testing::Splits::Split& planned,
                       const std::string& position, std::size_t stop_after, Made& made) {
  weir_split split{};
  split.size = sizeof split;
  split.token = to_bytes(planned.token);
  testing::Schemas schemas;
  weir_error error = testing::no_error();
  void* self = nullptr;
  if (extractor().open(surroundings.context(), &split, to_bytes(position), schemas.sink(), &self, &error) != WEIR_OK) {
    made.problem = error.message;
    return {};
  }
  const ArrowSchema& schema = schemas.kept.at(0).get();
  made.formats.clear();
  for (std::int64_t i = 0; i < schema.n_children; ++i) made.formats.emplace_back(schema.children[i]->format);
  testing::Collected collected;
  std::int32_t outcome = WEIR_READ_MORE;
  while (outcome == WEIR_READ_MORE && (stop_after == 0 || collected.pushed.size() < stop_after)) {
    REQUIRE(extractor().reader->read(self, 0, collected.next(), &outcome, &error) == WEIR_OK);
  }
  testing::Bytes told;
  REQUIRE(extractor().reader->position(self, told.sink(), &error) == WEIR_OK);
  extractor().reader->close(self);
  for (const auto& pushed : collected.pushed) {
    CHECK(pushed.base >= 0);
    for (std::int64_t row = 0; row < pushed.rows->length; ++row) {
      std::string line;
      for (std::int64_t i = 0; i < schema.n_children; ++i) {
        line += (i == 0 ? "" : "|") + cell(*schema.children[i], *pushed.rows->children[i], row);
      }
      made.rows.push_back(std::move(line));
    }
  }
  return told.kept.at(0);
}

Made make(testing::Options options) {
  Made made;
  if (options.config()->kind(options.config(), to_weir("/batch")) == WEIR_CONFIG_ABSENT)
    options.with({"/batch", 65536});
  testing::Surroundings surroundings(std::move(options));
  testing::Splits splits;
  weir_error error = testing::no_error();
  std::int32_t more = 1;
  if (extractor().plan(surroundings.context(), {}, splits.plan(), &more, &error) != WEIR_OK) {
    made.problem = std::string(error.option) + ": " + error.message;
    return made;
  }
  made.splits = splits.kept.size();
  for (const auto& split : splits.kept) read_split(surroundings, split, "", 0, made);
  return made;
}

TEST_CASE("the same rows come whatever the splits and batches are") {
  const Made whole = make({{"/rows", 1003}, {"/seed", 7}, {"/splits", 1}});
  CHECK(whole.rows.size() == 1003);
  const Made cut = make({{"/rows", 1003}, {"/seed", 7}, {"/splits", 4}, {"/batch", 17}});
  CHECK(cut.splits == 4);
  CHECK(cut.rows == whole.rows);
  CHECK(make({{"/rows", 1003}, {"/seed", 8}, {"/splits", 1}}).rows != whole.rows);
  CHECK(make({{"/rows", 3}, {"/splits", 10}}).splits == 3);
  CHECK(make({{"/rows", 0}, {"/splits", 10}}).rows.empty());
}

TEST_CASE("the values of the first rows are these, in every release") {
  const Made made = make({{"/rows", 2}, {"/seed", 1}, {"/splits", 1}});
  CHECK(made.formats == std::vector<std::string>{"l", "tsu:", "u", "l", "g", "u"});
  CHECK(made.rows == std::vector<std::string>{"1|1704067200000000|DE|3|498.170000|jetty ridge ocean",
                                              "2|1704067201000000|US|4|262.230000|upland ridge knoll"});
}

TEST_CASE("a reader goes on exactly where another one stood") {
  testing::Surroundings surroundings({{"/rows", 100}, {"/splits", 1}, {"/batch", 9}});
  const testing::Splits::Split split{"all", "20 100", 80};
  Made whole, parts;
  read_split(surroundings, split, "", 0, whole);
  const std::string position = read_split(surroundings, split, "", 3, parts);
  CHECK(position == "47 100");
  read_split(surroundings, split, position, 0, parts);
  CHECK(parts.rows == whole.rows);
  CHECK(whole.rows.size() == 80);
  Made none;
  read_split(surroundings, split, "47 99", 0, none);
  CHECK(none.problem == "expected a split and a position of this plugin, found '20 100' and '47 99'");
}

TEST_CASE("each kind keeps to what it is told") {
  const Made made = make({{"/rows", 5000},
                          {"/splits", 1},
                          {"/columns/s/kind", "sequence"},
                          {"/columns/s/start", 10},
                          {"/columns/s/step", -2},
                          {"/columns/i/kind", "integer"},
                          {"/columns/i/min", -3},
                          {"/columns/i/max", 3},
                          {"/columns/n/kind", "number"},
                          {"/columns/n/min", 1.5},
                          {"/columns/n/max", 2.5},
                          {"/columns/n/decimals", 1},
                          {"/columns/t/kind", "text"},
                          {"/columns/t/length", 5},
                          {"/columns/w/kind", "text"},
                          {"/columns/w/words", 2},
                          {"/columns/c/kind", "choice"},
                          {"/columns/c/values/0", "x"},
                          {"/columns/c/values/1", 1},
                          {"/columns/b/kind", "boolean"},
                          {"/columns/b/nulls", 0.5},
                          {"/columns/k/kind", "constant"},
                          {"/columns/k/value", 2.5},
                          {"/columns/ts/kind", "timestamp"},
                          {"/columns/ts/start", "1970-01-01T00:00:01"},
                          {"/columns/ts/step", 60}});
  CHECK(made.formats == std::vector<std::string>{"l", "l", "g", "u", "u", "u", "b", "g", "tsu:"});
  std::set<std::string> integers, numbers, choices, booleans;
  std::int64_t nulls = 0;
  for (std::size_t row = 0; row < made.rows.size(); ++row) {
    std::vector<std::string> cells;
    std::istringstream line(made.rows[row]);
    for (std::string one; std::getline(line, one, '|');) cells.push_back(one);
    REQUIRE(cells.size() == 9);
    REQUIRE(cells[0] == std::to_string(10 - 2 * static_cast<std::int64_t>(row)));
    integers.insert(cells[1]);
    numbers.insert(cells[2]);
    REQUIRE(cells[3].size() == 5);
    REQUIRE(std::all_of(cells[3].begin(), cells[3].end(), [](char c) { return c >= 'a' && c <= 'z'; }));
    REQUIRE(std::count(cells[4].begin(), cells[4].end(), ' ') == 1);
    choices.insert(cells[5]);
    booleans.insert(cells[6]);
    nulls += cells[6] == "NULL" ? 1 : 0;
    REQUIRE(cells[7] == "2.500000");
    REQUIRE(cells[8] == std::to_string(1000000 + static_cast<std::int64_t>(row) * 60000000));
  }
  CHECK(integers == std::set<std::string>{"-3", "-2", "-1", "0", "1", "2", "3"});
  CHECK(numbers.size() == 11);
  CHECK(*numbers.begin() == "1.500000");
  CHECK(*numbers.rbegin() == "2.500000");
  CHECK(choices == std::set<std::string>{"1", "x"});
  CHECK(booleans == std::set<std::string>{"NULL", "false", "true"});
  CHECK(nulls > 2300);
  CHECK(nulls < 2700);
}

TEST_CASE("options that can't be meant are refused with their place") {
  const auto problem = [](std::initializer_list<testing::Options::Option> options) {
    testing::Options all{{"/rows", 1}, {"/splits", 1}};
    for (const auto& option : options) all.with(option);
    return make(std::move(all)).problem;
  };
  CHECK(problem({{"/columns/a~1b/kind", "integer"}, {"/columns/a~1b/min", 5}, {"/columns/a~1b/max", 4}}) ==
        "/columns/a~1b/min: expected a min that is not above max, found 5");
  CHECK(problem({{"/columns/a/kind", "integer"}, {"/columns/a/min", 5}, {"/columns/a/max", 4}}) ==
        "/columns/a/min: expected a min that is not above max, found 5");
  CHECK(problem({{"/columns/a/kind", "integer"}, {"/columns/a/max", 4.5}}) ==
        "/columns/a/max: expected an integer, found 4.5");
  CHECK(problem({{"/columns/a/kind", "choice"}}) ==
        "/columns/a: expected 'values' for a column of kind choice, found none");
  CHECK(problem({{"/columns/a/kind", "timestamp"}, {"/columns/a/start", "soon"}}) ==
        "/columns/a/start: expected a timestamp such as 2024-01-01T00:00:00, found 'soon'");
  CHECK(problem({{"/columns/a/kind", "sequence"}, {"/columns/a/start", "x"}}) ==
        "/columns/a/start: expected an integer, found 'x'");
}

}  // namespace
}  // namespace weir
