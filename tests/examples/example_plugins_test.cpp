// Loads each example plugin as a host does, and runs it through the ABI.
#include <dlfcn.h>
#include <weir/testing.hpp>
#include <weir/weir.hpp>

#include <cstdlib>
#include <string>
#include <vector>

#include "weir_catch.hpp"

namespace {

using weir::Array;
using weir::Schema;
using weir::TextBuilder;
using weir::TextColumn;
namespace testing = weir::testing;

class Library {
 public:
  explicit Library(const std::string& name)
      : handle_(::dlopen((std::string(EXAMPLE_PLUGINS) + "/" + name + ".so").c_str(), RTLD_NOW | RTLD_LOCAL)) {
    REQUIRE(handle_ != nullptr);
    using Entry = const weir_plugin*();
    const auto entry = reinterpret_cast<Entry*>(::dlsym(handle_, "weir_plugin_v1"));
    REQUIRE(entry != nullptr);
    plugin_ = entry();
    REQUIRE(plugin_->open(nullptr, nullptr) == WEIR_OK);
    component_ = testing::component_of(plugin_, name);
    REQUIRE(component_ != nullptr);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    plugin_->close();
    ::dlclose(handle_);
  }
  template <class Table>
  const Table& table() const {
    return *static_cast<const Table*>(component_->table);
  }

 private:
  void* handle_;
  const weir_plugin* plugin_ = nullptr;
  const weir_component* component_ = nullptr;
};

Schema two_columns() {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("l", "id"));
  fields.push_back(Schema::field("u", "card"));
  return Schema::rows(std::move(fields));
}

// Ids from 0, and texts; a null pointer is a null.
Array rows_with(const std::vector<const char*>& texts) {
  weir::NumberBuilder<std::int64_t> ids;
  TextBuilder cards;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ids.append(static_cast<std::int64_t>(i));
    if (texts[i] == nullptr)
      cards.append_null();
    else
      cards.append(texts[i]);
  }
  std::vector<Array> columns;
  columns.push_back(ids.finish());
  columns.push_back(cards.finish());
  return weir::rows_of(static_cast<std::int64_t>(texts.size()), std::move(columns));
}

std::vector<std::string> texts_of(const Array& rows) {
  const TextColumn texts(*rows->children[1], rows->offset);
  std::vector<std::string> found;
  for (std::int64_t i = 0; i < rows->length; ++i) found.emplace_back(texts.valid(i) ? std::string(texts[i]) : "NULL");
  return found;
}

// Runs one batch through a transformer; its output must hold the ids that it was given.
std::vector<std::string> transformed(const Library& library, testing::Options options, Array rows) {
  const auto& table = library.table<weir_transformer>();
  testing::Surroundings surroundings(std::move(options));
  const Schema schema = two_columns();
  const ArrowSchema* input = &schema.get();
  weir_string name{};
  testing::Schemas outputs;
  weir_error error = testing::no_error();
  void* self = nullptr;
  const weir_status created = table.create(surroundings.context(), &input, &name, 1, outputs.sink(), &self, &error);
  if (created != WEIR_OK) return {std::string(error.option) + ": " + error.message};
  REQUIRE(outputs.kept.size() == 1);
  testing::Collected collected;
  const std::int64_t first = weir::NumberColumn<std::int64_t>(*rows->children[0], rows->offset)[0];
  weir_batch batch = testing::batch_of(std::move(rows));
  REQUIRE(table.process(self, 0, &batch, collected.next(), &error) == WEIR_OK);
  if (batch.rows.release != nullptr) batch.rows.release(&batch.rows);
  table.destroy(self);
  REQUIRE(collected.pushed.size() == 1);
  const Array& pushed = collected.pushed[0].rows;
  CHECK(weir::NumberColumn<std::int64_t>(*pushed->children[0], pushed->offset)[0] == first);
  return texts_of(pushed);
}

TEST_CASE("stars hides all but the last characters, of slices too") {
  const Library stars("stars");
  testing::Options options{{"/column", "card"}, {"/keep", 4}};
  CHECK(transformed(stars, options, rows_with({"4111 1111 4242", nullptr, "", "1234", "12345", "aüöß€x"})) ==
        std::vector<std::string>{"**********4242", "NULL", "", "****", "*2345", "**öß€x"});
  Array slice = rows_with({"first one", "4111 1111 4242", nullptr, "secret", "last one"});
  slice.address()->offset = 1;
  slice.address()->length = 3;
  CHECK(transformed(stars, options, std::move(slice)) == std::vector<std::string>{"**********4242", "NULL", "**cret"});
  CHECK(transformed(stars, {{"/column", "card"}, {"/keep", 0}}, rows_with({"abc"})) == std::vector<std::string>{"***"});
  CHECK(transformed(stars, {{"/column", "id"}}, rows_with({"x"})) ==
        std::vector<std::string>{"/column: no such column of type string"});
}

TEST_CASE("trim takes white space off, of slices too") {
  const Library trim("trim");
  CHECK(transformed(trim, {}, rows_with({" a b\t", nullptr, " \r\n ", "x"})) ==
        std::vector<std::string>{"a b", "NULL", "", "x"});
  Array slice = rows_with({"first", " y ", nullptr, "last"});
  slice.address()->offset = 1;
  slice.address()->length = 2;
  CHECK(transformed(trim, {{"/columns/0", "card"}}, std::move(slice)) == std::vector<std::string>{"y", "NULL"});
  CHECK(transformed(trim, {{"/columns/0", "id"}}, rows_with({"x"})) ==
        std::vector<std::string>{"/columns/0: no such column of type string"});
}

// The days of a calendar, each as its numbers joined by spaces.
std::vector<std::string> days_between(const Library& library, const char* from, const char* to) {
  const auto& table = library.table<weir_extractor>();
  testing::Surroundings surroundings({{"/from", from}, {"/to", to}});
  weir_error error = testing::no_error();
  testing::Splits splits;
  std::int32_t more = 1;
  if (table.plan(surroundings.context(), {}, splits.plan(), &more, &error) != WEIR_OK)
    return {std::string(error.option) + ": " + error.message};
  CHECK(more == 0);
  REQUIRE(splits.kept.size() == 1);
  weir_split split{};
  split.size = sizeof split;
  testing::Schemas outputs;
  void* self = nullptr;
  REQUIRE(table.open(surroundings.context(), &split, {}, outputs.sink(), &self, &error) == WEIR_OK);
  testing::Collected collected;
  std::int32_t outcome = WEIR_READ_MORE;
  while (outcome == WEIR_READ_MORE)
    REQUIRE(table.reader->read(self, INT64_MAX, collected.next(), &outcome, &error) == WEIR_OK);
  table.reader->close(self);
  std::vector<std::string> days;
  for (const auto& pushed : collected.pushed) {
    for (std::int64_t row = 0; row < pushed.rows->length; ++row) {
      std::string day;
      for (std::int64_t k = 1; k < 9; ++k)
        day += std::to_string(weir::NumberColumn<std::int32_t>(*pushed.rows->children[k])[row]) + " ";
      days.push_back(day + (weir::BooleanColumn(*pushed.rows->children[9])[row] ? "weekend" : "workday"));
    }
  }
  return days;
}

TEST_CASE("calendar knows ISO weeks at both ends of a year, and leap days") {
  const Library calendar("calendar");
  // year, quarter, month, day, weekday, ISO year, ISO week, day of the year
  CHECK(days_between(calendar, "2020-12-31", "2021-01-04") ==
        std::vector<std::string>{"2020 4 12 31 4 2020 53 366 workday", "2021 1 1 1 5 2020 53 1 workday",
                                 "2021 1 1 2 6 2020 53 2 weekend", "2021 1 1 3 7 2020 53 3 weekend",
                                 "2021 1 1 4 1 2021 1 4 workday"});
  CHECK(days_between(calendar, "2024-12-30", "2024-12-30") ==
        std::vector<std::string>{"2024 4 12 30 1 2025 1 365 workday"});
  CHECK(days_between(calendar, "1900-01-01", "1999-12-31").size() == 36524);
  CHECK(days_between(calendar, "2024-02-30", "2024-03-01") ==
        std::vector<std::string>{"/from: expected a date such as 2024-01-31, found '2024-02-30'"});
  CHECK(days_between(calendar, "2024-02-02", "2024-02-01") ==
        std::vector<std::string>{"/to: expected a day not before 'from'"});
}

}  // namespace
