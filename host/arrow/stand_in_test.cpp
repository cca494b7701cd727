#include "arrow/stand_in.hpp"

#include <weir_catch.hpp>

#include "arrow/gather.hpp"
#include "arrow/json.hpp"
#include "arrow/random_array.hpp"
#include "arrow/validate.hpp"

namespace weir::arrow {
namespace {

std::vector<weir::Schema> one(weir::Schema field) {
  std::vector<weir::Schema> fields;
  fields.push_back(std::move(field));
  return fields;
}

// A field of each form, some nested; nullable or not.
std::vector<weir::Schema> all_forms(bool nullable) {
  std::vector<weir::Schema> fields;
  for (const char* format :
       {"n", "b", "c", "s", "i", "l", "g", "d:38,2", "d:38,2,256", "u", "U", "z", "Z", "w:5", "tdD", "tsu:UTC"})
    fields.push_back(weir::Schema::field(format, format, nullable));
  for (const char* list : {"+l", "+L", "+w:3"})
    fields.push_back(weir::Schema::field(list, list, nullable, {}, one(weir::Schema::field("u", "item", nullable))));
  fields.push_back(weir::Schema::field("+s", "struct", nullable, {}, one(weir::Schema::field("l", "x", nullable))));
  return fields;
}

// `rows` rows in which every column is stood in for.
weir::Array stood_in(const ArrowSchema& schema, std::int64_t rows) {
  std::vector<weir::Array> columns;
  for (std::int64_t i = 0; i < schema.n_children; ++i) columns.push_back(stand_in(*schema.children[i], rows));
  return weir::rows_of(rows, std::move(columns));
}

void check(const weir::Array& rows, const ArrowSchema& schema) {
  const auto shape = check_shape(rows.get(), schema);
  if (!shape) FAIL(shape.error().message);
  CHECK(shape->aligned);
  const auto full = check_full(rows.get(), schema);
  if (!full) FAIL(full.error().message);
}

}  // namespace

TEST_CASE("what stands in for a column passes every check, of any length") {
  const std::int64_t length = GENERATE(0, 1, 63, 64, 4000, 300'000);  // the last needs more than the shared zeros
  for (const bool nullable : {true, false}) {
    const weir::Schema schema = weir::Schema::rows(all_forms(nullable));
    const weir::Array rows = stood_in(schema.get(), length);
    check(rows, schema.get());
    CHECK(rows->length == length);
  }
}

TEST_CASE("what stands in for a column is all null, or zero and empty where there is no null") {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("l", "a"));
  fields.push_back(weir::Schema::field("l", "b", false));
  fields.push_back(weir::Schema::field("u", "c", false));
  const weir::Schema schema = weir::Schema::rows(std::move(fields));
  CHECK(row_text(stood_in(schema.get(), 3).get(), schema.get(), 2) == R"({"a":null,"b":0,"c":""})");
}

TEST_CASE("a dictionary, a view, and what holds one can't be stood in for") {
  weir::Schema dictionary = weir::Schema::field("i", "d");
  weir::Schema values = weir::Schema::field("u", "");
  ArrowSchema with = dictionary.get();
  with.dictionary = &values.address()[0];
  CHECK_FALSE(can_stand_in(with));
  CHECK_FALSE(can_stand_in(weir::Schema::field("vu", "v").get()));
  CHECK_FALSE(can_stand_in(weir::Schema::field("+l", "l", true, {}, one(weir::Schema::field("vu", "item"))).get()));
  for (const auto& field : all_forms(true)) CHECK(can_stand_in(field.get()));
}

TEST_CASE("a gather of some columns gives those as the whole gather does, and nothing of the others") {
  const weir::Schema schema = weir::Schema::rows(all_forms(true));
  RandomArrays random(7);
  for (int round = 0; round < 50; ++round) {
    const std::int64_t length = 1 + random.number(100);
    std::vector<weir::Array> columns;
    Columns read;
    for (std::int64_t i = 0; i < schema->n_children; ++i) {
      columns.push_back(random.of(*schema->children[i], length));
      read.push_back(random.number(2) == 0);
    }
    std::vector<std::uint32_t> selected;
    for (std::int64_t i = 0; i < length; ++i) {
      if (random.number(3) != 0) selected.push_back(static_cast<std::uint32_t>(i));
    }
    const SharedArray rows(weir::rows_of(length, std::move(columns)));
    const auto all = gather(rows, schema.get(), selected);
    const auto some = gather(rows, schema.get(), selected, read);
    REQUIRE((all && some));
    check(*some, schema.get());
    for (std::int64_t i = 0; i < schema->n_children; ++i) {
      const auto& column = *some->get().children[i];
      if (!read[static_cast<std::size_t>(i)]) {
        CHECK(column.null_count == static_cast<std::int64_t>(selected.size()));
        continue;
      }
      const weir::Schema field = weir::Schema::rows(one(weir::Schema::copy_of(*schema->children[i])));
      for (std::int64_t row = 0; row < some->get().length; ++row) {
        std::string whole, part;
        ArrowArray from = some->get(), other = all->get();
        ArrowArray* pointers[] = {some->get().children[i], all->get().children[i]};
        from.children = &pointers[0];
        other.children = &pointers[1];
        from.n_children = other.n_children = 1;
        append_row_as_json(part, from, field.get(), row);
        append_row_as_json(whole, other, field.get(), row);
        REQUIRE(part == whole);
      }
    }
  }
}

}  // namespace weir::arrow
