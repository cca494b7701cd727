// The SDK's views and builders over random arrays of every type: what pyarrow_test.py sees from outside, for sanitizers too.
#include "columns.hpp"

#include <weir_catch.hpp>

#include <cmath>

#include "arrow/random_array.hpp"
#include "arrow/validate.hpp"

namespace weir::bridge {
namespace {

TEST_CASE("what is read of any array builds one that reads the same and is right by every check") {
  const Schema schema = arrow::every_type();
  const auto seed = GENERATE(range(1U, 9U));
  const std::int64_t pad = GENERATE(0, 3);
  arrow::RandomArrays random(seed);
  const Array rows = random.of(schema.get(), random.number(70));
  const Items all{0, rows->length};
  std::vector<Array> columns;
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    const ArrowSchema& field = *schema->children[i];
    CAPTURE(seed, field.format, field.name);
    const Values values = read_column(*rows->children[i], field, all, rows->offset);
    columns.push_back(build_column(field, values, pad));
    REQUIRE(read_column(columns.back().get(), field, all) == values);
  }
  const Array built = rows_of(rows->length, std::move(columns));
  const auto shape = arrow::check_shape(built.get(), schema.get());
  if (!shape) FAIL(shape.error().message);
  const auto full = arrow::check_full(built.get(), schema.get());
  if (!full) FAIL(full.error().message);
}

TEST_CASE("a format and what it means are two spellings of the same type") {
  for (const char* format : arrow::kEveryFlatFormat) {
    const TypeInfo info = type_of(format);
    CHECK(info.type != Type::unknown);
    CHECK(format_of(info) == format);
  }
  for (const char* format : {"+l", "+L", "+s", "+m", "+w:12"}) CHECK(format_of(type_of(format)) == format);
  CHECK(type_of("d:9,2,128").type == Type::decimal128);
  CHECK(type_of("d:9,2,64").type == Type::unknown);
  CHECK(type_of("tsu:Europe/Rome").zone == "Europe/Rome");
  CHECK(type_of(static_cast<const char*>(nullptr)).type == Type::unknown);
  CHECK(format_of({}).empty());
}

TEST_CASE("every half is a float that gives the half back, and floats go to the nearest one") {
  for (unsigned bits = 0; bits <= 0xFFFFU; ++bits) {
    const Half half{static_cast<std::uint16_t>(bits)};
    const float value = to_float(half);
    if (value != value) {
      REQUIRE((to_half(value).bits & 0x7FFFU) > 0x7C00U);
    } else {
      REQUIRE(to_half(value).bits == half.bits);
    }
  }
  CHECK(to_float(Half{0x3C00}) == 1.0F);
  CHECK(to_float(Half{0x3555}) == 0.333251953125F);
  CHECK(to_float(Half{0x8001}) == -std::ldexp(1.0F, -24));
  CHECK(std::isinf(to_float(Half{0x7C00})));
  CHECK(to_half(65519.0F).bits == 0x7BFFU);
  CHECK(to_half(65520.0F).bits == 0x7C00U);
  CHECK(to_half(2049.0F).bits == to_half(2048.0F).bits);  // between two: the even one
  CHECK(to_half(2051.0F).bits == to_half(2052.0F).bits);
  CHECK(to_half(1e-9F).bits == 0);
}

TEST_CASE("a decimal is read where only 8 bytes are aligned") {
  alignas(16) std::uint64_t words[] = {0, 5, 0, ~0ULL, ~0ULL};
  const void* buffers[] = {nullptr, words + 1};
  ArrowArray column{};
  column.length = 2;
  column.n_buffers = 2;
  column.buffers = buffers;
  const NumberColumn<Int128> view(column);
  CHECK(view[0] == 5);
  CHECK(view[1] == -1);
}

TEST_CASE("builders refuse what their type can't hold") {
  FixedBinaryBuilder octets(4);
  CHECK_THROWS_AS(octets.append("abc"), Failure);
  ListBuilder lists;
  CHECK_THROWS_AS(lists.append(std::int64_t{1} << 31), Failure);
}

TEST_CASE("a builder that has finished begins anew") {
  TextBuilder words;
  ListBuilder lists;
  DictionaryBuilder coded;
  ViewBuilder views;
  for (int turn = 0; turn < 2; ++turn) {
    words.append("a");
    lists.append(words.length());
    coded.append("x");
    views.append("a text that is longer than a view");
    const Array column = lists.finish(words.finish());
    CHECK(ListColumn(column.get())[0].count() == 1);
    const Array texts = coded.finish();
    CHECK(texts->dictionary->length == 1);
    CHECK(views.finish()->n_buffers == 4);
  }
}

}  // namespace
}  // namespace weir::bridge
