#include "arrow/validate.hpp"

#include <functional>

#include <weir_catch.hpp>

#include "arrow/random_array.hpp"

namespace weir::arrow {
namespace {

using test::Contains;

// Rows of an int64 and a text column, whose parts a test spoils.
struct Sample {
  weir::Schema schema;
  weir::Array rows;

  ArrowArray& number() { return *rows.get().children[0]; }
  ArrowArray& text() { return *rows.get().children[1]; }
  std::int32_t* offsets() { return const_cast<std::int32_t*>(static_cast<const std::int32_t*>(text().buffers[1])); }
  char* bytes() { return const_cast<char*>(static_cast<const char*>(text().buffers[2])); }
};

Sample sample() {
  weir::NumberBuilder<std::int64_t> numbers;
  weir::TextBuilder texts;
  for (int i = 0; i < 3; ++i) {
    numbers.append(i);
    texts.append("häh");
  }
  numbers.append_null();
  texts.append_null();
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("l", "n"));
  fields.push_back(weir::Schema::field("u", "t"));
  std::vector<weir::Array> columns;
  columns.push_back(numbers.finish());
  columns.push_back(texts.finish());
  return {weir::Schema::rows(std::move(fields)), weir::rows_of(4, std::move(columns))};
}

std::string problem(const Sample& spoiled) {
  const auto shape = check_shape(spoiled.rows.get(), spoiled.schema.get());
  if (!shape) return "shape: " + shape.error().message;
  const auto full = check_full(spoiled.rows.get(), spoiled.schema.get());
  return full ? std::string() : "full: " + full.error().message;
}

TEST_CASE("good batches of every type pass both checks") {
  const weir::Schema schema = every_type();
  REQUIRE(check_rows_schema(schema.get()).has_value());
  const auto seed = GENERATE(range(1U, 20U));
  RandomArrays random(seed);
  const weir::Array rows = random.of(schema.get(), random.number(70));
  const auto shape = check_shape(rows.get(), schema.get());
  if (!shape) FAIL(shape.error().message);
  const auto full = check_full(rows.get(), schema.get());
  if (!full) FAIL(full.error().message);
}

TEST_CASE("the shape check tells what is wrong with a batch, and in which column") {
  struct Sin {
    const char* what;
    std::function<void(Sample&)> commit;
  };
  const Sin sins[] = {
      {"shape: rows: expected an array, found one that was released", [](Sample& s) { s.rows.reset(); }},
      {"shape: rows: expected a length that is possible, found -1", [](Sample& s) { s.rows.address()->length = -1; }},
      {"shape: rows: expected an offset that is possible, found -8", [](Sample& s) { s.rows.address()->offset = -8; }},
      {"shape: rows: expected 2 child arrays, found 1", [](Sample& s) { s.rows.address()->n_children = 1; }},
      {"shape: column 'n': expected 5 rows, found 4", [](Sample& s) { s.rows.address()->length = 5; }},
      {"shape: column 'n': expected 6 rows, found 4", [](Sample& s) { s.rows.address()->offset = 2; }},
      {"shape: column 'n': expected -1 to 4 nulls, found 5", [](Sample& s) { s.number().null_count = 5; }},
      {"shape: column 'n': expected validity bits of 1 nulls, found a null pointer",
       [](Sample& s) { s.number().buffers[0] = nullptr; }},
      {"shape: column 'n': expected 2 buffers of a int64, found 3", [](Sample& s) { s.number().n_buffers = 3; }},
      {"shape: column 'n': expected values, found a null pointer", [](Sample& s) { s.number().buffers[1] = nullptr; }},
      {"shape: column 'n': expected no dictionary, found one", [](Sample& s) { s.number().dictionary = &s.text(); }},
      {"shape: column 'n': expected no nulls, as its schema says, found 1",
       [](Sample& s) { s.schema.get().children[0]->flags = 0; }},
      {"shape: column 't': expected a first offset of at least 0, found -4", [](Sample& s) { s.offsets()[0] = -4; }},
      {"shape: column 't': expected a last offset of at least 0, found -1", [](Sample& s) { s.offsets()[4] = -1; }},
      {"shape: column 't': expected 12 bytes of text, found a null pointer",
       [](Sample& s) { s.text().buffers[2] = nullptr; }},
      {"full: column 't': row 1: expected an offset from 4 to 12, found 2", [](Sample& s) { s.offsets()[2] = 2; }},
      {"full: column 't': row 0: expected an offset from 0 to 12, found 99", [](Sample& s) { s.offsets()[1] = 99; }},
      {"full: column 't': row 1: expected UTF-8, found \"h\xEF\xBF\xBD\xEF\xBF\xBDh\"",
       [](Sample& s) { s.bytes()[6] = '\xFF'; }},
      {"full: column 't': row 0: expected UTF-8, found \"h\xEF\xBF\xBD\"", [](Sample& s) { s.offsets()[1] = 2; }},
      {"full: column 'n': expected 2 nulls, as its null count says, found 1",
       [](Sample& s) { s.number().null_count = 2; }},
      {"full: column 'n': row 3: expected no null, as its schema says, found one",
       [](Sample& s) {
         s.schema.get().children[0]->flags = 0;
         s.number().null_count = -1;
       }},
  };
  CHECK(problem(sample()).empty());
  for (const Sin& sin : sins) {
    Sample spoiled = sample();
    sin.commit(spoiled);
    const std::string found = problem(spoiled);
    CHECK(found == sin.what);
    if (!spoiled.rows.empty()) spoiled.number().dictionary = nullptr;
  }
}

TEST_CASE("bytes of null rows may be anything") {
  Sample odd = sample();
  const char garbage[] = "häh\xFF\xFE";
  weir::TextBuilder texts;
  texts.append(garbage);
  texts.append("x");
  texts.append("x");
  texts.append("x");
  weir::Array column = texts.finish();
  static const std::uint8_t kFirstNull[8] = {0x0E};
  column.address()->buffers[0] = kFirstNull;
  column.address()->null_count = 1;
  std::vector<weir::Array> columns;
  columns.push_back(weir::Array(&odd.number()));
  columns.push_back(std::move(column));
  odd.rows = weir::rows_of(4, std::move(columns));
  CHECK(problem(odd).empty());
}

TEST_CASE("buffers that are not aligned are told, and no error") {
  Sample odd = sample();
  alignas(8) std::int64_t space[6] = {};
  odd.number().buffers[1] = reinterpret_cast<std::uint8_t*>(space) + 4;
  const auto shape = check_shape(odd.rows.get(), odd.schema.get());
  REQUIRE(shape.has_value());
  CHECK_FALSE(shape->aligned);
}

TEST_CASE("dictionary indices beyond the dictionary are found") {
  const weir::Schema schema = every_type();
  weir::Array rows = RandomArrays(3).of(schema.get(), 20, true, false);
  ArrowArray& column = *rows.get().children[rows->n_children - 8];  // int8 indices
  auto* indices =
      const_cast<std::int8_t*>(static_cast<const std::int8_t*>(column.buffers[1])) + column.offset + rows->offset;
  column.null_count = 0;
  column.buffers[0] = nullptr;
  indices[5] = GENERATE(std::int8_t{-1}, std::int8_t{7}, std::int8_t{127});
  const auto full = check_full(rows.get(), schema.get());
  REQUIRE_FALSE(full.has_value());
  CHECK_THAT(full.error().message, Contains("row 5: expected an index below 7, the length of the dictionary, found "));
}

TEST_CASE("decimals with more digits than their precision are found") {
  const weir::Schema schema = rows_schema(weir::Schema::field("d:3,1", "price"));
  weir::NumberBuilder<weir::Int128> builder;
  builder.append(999);
  builder.append(-999);
  const bool negative = GENERATE(false, true);
  builder.append(negative ? -1000 : 1000);
  std::vector<weir::Array> columns;
  columns.push_back(builder.finish());
  const weir::Array rows = weir::rows_of(3, std::move(columns));
  const auto full = check_full(rows.get(), schema.get());
  REQUIRE_FALSE(full.has_value());
  CHECK(full.error().message == "column 'price': row 2: expected at most 3 digits, found more");
}

TEST_CASE("list offsets beyond the items are found, nested ones by their path") {
  std::vector<weir::Schema> items;
  items.push_back(weir::Schema::field("i", "item"));
  const weir::Schema schema = rows_schema(weir::Schema::field("+l", "tags", true, {}, std::move(items)));
  weir::Array rows = RandomArrays(4).of(schema.get(), 10, false, false);
  ArrowArray& list = *rows.get().children[0];
  list.children[0]->length = 1;
  const auto shape = check_shape(rows.get(), schema.get());
  REQUIRE_FALSE(shape.has_value());
  CHECK_THAT(shape.error().message,
             Contains("column 'tags': expected a last offset of at most 1, the length of its items, found "));
}

TEST_CASE("schemas that plugins may not tell are refused") {
  const auto told = [](const weir::Schema& schema) {
    const auto checked = check_rows_schema(schema.get());
    return checked ? std::string() : checked.error().message;
  };
  const auto with = [&](const char* format) { return told(rows_schema(weir::Schema::field(format, "x"))); };
  CHECK(told(weir::Schema()) == "rows: expected a schema, found one that was released");
  CHECK(told(weir::Schema::field("l", "x")) == "rows: expected a struct of columns, found int64");
  for (const char* format : {"q",     "",       "tsx:UTC", "ts",      "tt",       "ttx",      "w:0", "w:-4",
                             "d:0,1", "d:39,1", "d:9,77",  "d:9,-77", "d:9,2,32", "d:9,2,64", "d:9", "d:9,2,",
                             "tss",   "tssUTC", "tdDx",    "w:",      "w:5x",     "+w:3x",    "+lx", "uu",
                             "-",     "+r",     "+ud:1",   "tiX",     "td"}) {
    CAPTURE(format);
    CHECK_THAT(with(format), Contains("column 'x': expected a type that weir knows, found the format"));
  }
  CHECK(with("+l") == "column 'x': expected 1 child fields of a list, found 0");
  CHECK_THAT(told(rows_schema(weir::Schema::field("l", "\xFF"))), Contains("expected a name in UTF-8"));
  std::vector<weir::Schema> twice;
  twice.push_back(weir::Schema::field("l", "a"));
  twice.push_back(weir::Schema::field("u", "a"));
  CHECK(told(weir::Schema::rows(std::move(twice))) == "rows: expected each column once, found 'a' twice");
  weir::Schema released = rows_schema(weir::Schema::field("l", "x"));
  released.get().children[0]->release(released.get().children[0]);
  CHECK(told(released) == "rows: expected child field 1, found one that was released");
}

TEST_CASE("types nested without end are refused") {
  weir::Schema field = weir::Schema::field("l", "item");
  for (int i = 0; i < 80; ++i) {
    std::vector<weir::Schema> items;
    items.push_back(std::move(field));
    field = weir::Schema::field("+l", "item", true, {}, std::move(items));
  }
  const auto checked = check_rows_schema(rows_schema(std::move(field)).get());
  REQUIRE_FALSE(checked.has_value());
  CHECK_THAT(checked.error().message, Contains("nested at most 64 deep"));
}

}  // namespace
}  // namespace weir::arrow
