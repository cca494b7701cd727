// The digest of rows: that it is what the definition says, that it depends on nothing but values, and on all of them.
#include "integrity/row_digest.hpp"

#include <algorithm>
#include <bit>
#include <fstream>
#include <numeric>

#include <weir_catch.hpp>

#include "arrow/gather.hpp"
#include "arrow/random_array.hpp"
#include "arrow/shared.hpp"
#include "integrity/json_rows.hpp"
#include "integrity/murmur.hpp"

namespace weir::integrity {
namespace {

using arrow::RandomArrays;

Digest digest_of(const ArrowArray& rows, const ArrowSchema& schema) {
  const auto digest = RowDigest(schema).of(rows);
  if (!digest) FAIL(digest.error().message);
  return *digest;
}

std::string digest_of(const json& columns) {
  const JsonRows made(columns);
  return digest_of(made.rows.get(), made.schema.get()).to_text();
}

// Of one column `a`.
std::string digest_of(const char* format, json values) {
  return digest_of(json::array({{{"name", "a"}, {"format", format}, {"values", std::move(values)}}}));
}

std::string digest_of_column(const char* format, weir::Array column, std::vector<weir::Schema> children = {}) {
  const weir::Schema schema =
      weir::Schema::rows(weir::fields_of(weir::Schema::field(format, "a", true, {}, std::move(children))));
  const std::int64_t length = column->length;
  std::vector<weir::Array> columns;
  columns.push_back(std::move(column));
  return digest_of(weir::rows_of(length, std::move(columns)).get(), schema.get()).to_text();
}

std::vector<std::uint32_t> shuffled(RandomArrays& random, std::int64_t rows) {
  std::vector<std::uint32_t> numbers(static_cast<std::size_t>(rows));
  std::iota(numbers.begin(), numbers.end(), 0);
  for (std::size_t i = numbers.size(); i > 1; --i)
    std::swap(numbers[i - 1], numbers[static_cast<std::size_t>(random.number(static_cast<std::int64_t>(i)))]);
  return numbers;
}

}  // namespace

TEST_CASE("the hash below is MurmurHash3_x64_128") {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const Hash hash = hash_bytes(0, bytes, text.size(), false);  // as published, e34bbc7bbc071b6c7a433ca9c49a9347
  CHECK(hash == Hash{0xe34bbc7bbc071b6cU, 0x7a433ca9c49a9347U});
  for (std::size_t length = 0; length + 16 <= text.size(); ++length) {
    CHECK(hash_bytes(7, bytes, length, true) == hash_bytes(7, bytes, length, false));
  }
}

TEST_CASE("digests are those of the vectors that others compute them by") {
  std::ifstream file(std::filesystem::path(WEIR_GOLDEN) / "../../../examples/34_row_digest/vectors.json");
  const json vectors = json::parse(file);
  REQUIRE(vectors.size() > 30);
  for (const auto& vector : vectors) {
    INFO(vector["name"]);
    CHECK(digest_of(vector["columns"]) == vector["digest"]);
  }
}

TEST_CASE("a digest is the same in any order of rows and columns, whole and in parts") {
  const auto seed = GENERATE(range(1U, 9U));
  INFO("seed " << seed);
  RandomArrays random(seed);
  const weir::Schema schema = arrow::every_type();
  const std::int64_t length = random.number(1500) + 2;
  const arrow::SharedArray rows(random.of(schema.get(), length, false));
  const Digest whole = digest_of(rows.get(), schema.get());

  const auto other_order = arrow::gather(rows, schema.get(), shuffled(random, length));
  REQUIRE(other_order);
  CHECK(digest_of(other_order->get(), schema.get()) == whole);

  RowDigest digest(schema.get());
  const std::int64_t at = random.number(length);
  Digest parts = digest.of(rows.slice(0, at).get()).value();
  parts.add(digest.of(rows.slice(at, length - at).get()).value());
  CHECK(parts == whole);

  weir::Array turned = rows.view();
  weir::Schema turned_schema = weir::Schema::copy_of(schema.get());
  std::reverse(turned.address()->children, turned.address()->children + turned->n_children);
  std::reverse(turned_schema.address()->children, turned_schema.address()->children + turned_schema->n_children);
  CHECK(digest_of(turned.get(), turned_schema.get()) == whole);
}

TEST_CASE("the digest of selected rows is that of the rows picked out, and what is left is the rest") {
  const auto seed = GENERATE(range(1U, 9U));
  INFO("seed " << seed);
  RandomArrays random(seed);
  const weir::Schema schema = arrow::every_type();
  const arrow::SharedArray rows(random.of(schema.get(), random.number(1500) + 1, true));
  std::vector<std::uint32_t> picked, others;
  for (std::int64_t i = 0; i < rows.length(); ++i)
    (random.number(3) == 0 ? picked : others).push_back(static_cast<std::uint32_t>(i));
  RowDigest digest(schema.get());
  const auto gathered = arrow::gather(rows, schema.get(), picked);
  REQUIRE(gathered);
  const Digest of_picked = digest.of(rows.get(), picked).value();
  CHECK(of_picked == digest.of(gathered->get()).value());
  Digest left = digest.of(rows.get()).value();
  left.subtract(of_picked);
  CHECK(left == digest.of(rows.get(), others).value());
}

TEST_CASE("the digests of rows one by one are those of each by itself, and make up the whole") {
  const auto seed = GENERATE(range(1U, 4U));
  RandomArrays random(seed);
  const weir::Schema schema = arrow::every_type();
  const weir::Array rows = random.of(schema.get(), 1300, true);
  RowDigest digest(schema.get());
  std::vector<Digest> each(1300);
  REQUIRE(digest.each(rows.get(), each));
  Digest sum;
  for (const Digest& one : each) sum.add(one);
  CHECK(sum == digest.of(rows.get()).value());
  for (const std::uint32_t row : {0U, 511U, 512U, 1299U})
    CHECK(each[row] == digest.of(rows.get(), std::span(&row, 1)).value());
}

TEST_CASE("how wide a number is makes no difference") {
  const json small = {0, 1, -1, 100, nullptr, -128};
  for (const char* format : {"c", "i", "g", "f"}) CHECK(digest_of(format, small) == digest_of("l", small));
  CHECK(digest_of("L", {7, 0}) == digest_of("l", {7, 0}));
  CHECK(digest_of("L", {9223372036854775808U}) == digest_of("d:38,0", {"9223372036854775808"}));
  CHECK(digest_of("f", {0.5, 1.5}) == digest_of("g", {0.5, 1.5}));
  CHECK(digest_of("g", {-0.0}) == digest_of("g", {0.0}));
  CHECK(digest_of("d:10,2", {"1.50", "0.00"}) == digest_of("d:76,5,256", {"1.50000", "0.00000"}));
  const auto nan = [](std::uint64_t bits) {
    weir::NumberBuilder<double> made;
    made.append(std::bit_cast<double>(bits));
    return digest_of_column("g", made.finish());
  };
  CHECK(nan(0x7ff8000000000000U) == nan(0xfff800000000002aU));
  CHECK(digest_of("g", {0.1}) != digest_of("f", {0.1}));  // they are two numbers
}

TEST_CASE("half floats are what they say") {
  weir::NumberBuilder<weir::Half> halves;
  for (const float value : {0.5F, -2.0F, 65504.0F}) halves.append(weir::to_half(value));
  CHECK(digest_of_column("e", halves.finish()) == digest_of("g", {0.5, -2.0, 65504.0}));
}

TEST_CASE("the unit of a time makes no difference, a zone does") {
  CHECK(digest_of("tss:", {-1, 5}) == digest_of("tsn:", {-1'000'000'000, 5'000'000'000}));
  CHECK(digest_of("tsm:UTC", {1500}) == digest_of("tsu:Europe/Rome", {1'500'000}));
  CHECK(digest_of("tsm:UTC", {1500}) != digest_of("tsm:", {1500}));
  CHECK(digest_of("tts", {60}) == digest_of("ttn", {60'000'000'000}));
  CHECK(digest_of("tDs", {-60}) == digest_of("tDm", {-60'000}));
  CHECK(digest_of("tdD", {-1, 0, 20000}) == digest_of("tdm", {-86'400'000, 0, 1'728'000'000'000}));
}

TEST_CASE("intervals are months, days and nanoseconds, however they are kept") {
  weir::NumberBuilder<std::int32_t> months;
  months.append(-3);
  weir::NumberBuilder<weir::DaysTime> days;
  days.append({-1, 500});
  weir::NumberBuilder<weir::MonthsDays> first, second;
  first.append({-3, 0, 0});
  second.append({0, -1, 500'000'000});
  CHECK(digest_of_column("tiM", months.finish()) == digest_of_column("tin", first.finish()));
  CHECK(digest_of_column("tiD", days.finish()) == digest_of_column("tin", second.finish()));
}

TEST_CASE("how texts lie makes no difference") {
  const std::vector<std::string> words = {"", "a", "exactly twelve", "sixteen letters!",
                                          "a longer text, of more than one block"};
  weir::TextBuilder texts;
  weir::LargeTextBuilder large;
  weir::ViewBuilder views;
  weir::TextBuilder dictionary;
  weir::NumberBuilder<std::int16_t> indices;
  for (const auto& word : words) dictionary.append(word);
  for (std::size_t i = 0; i < 1200; ++i) {
    const auto& word = words[i * 7 % words.size()];
    texts.append(word);
    large.append(word);
    views.append(word);
    indices.append(static_cast<std::int16_t>(i * 7 % words.size()));
  }
  const std::string expected = digest_of_column("u", texts.finish());
  CHECK(digest_of_column("U", large.finish()) == expected);
  CHECK(digest_of_column("vu", views.finish()) == expected);
  const weir::Schema schema = weir::Schema::rows(
      weir::fields_of(weir::Schema::dictionary(weir::Schema::field("s", "a"), weir::Schema::field("u", ""))));
  std::vector<weir::Array> columns;
  columns.push_back(weir::with_dictionary(indices.finish(), dictionary.finish()));
  CHECK(digest_of(weir::rows_of(1200, std::move(columns)).get(), schema.get()).to_text() == expected);
  CHECK(digest_of("z", {"61"}) != digest_of("u", {"a"}));
}

TEST_CASE("a dictionary of more words than rows is read by its indices, one of fewer as a whole") {
  const auto seed = GENERATE(range(1U, 9U));
  RandomArrays random(seed);
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::dictionary(weir::Schema::field("i", "a"), weir::Schema::field("l", "")));
  const weir::Schema schema = weir::Schema::rows(std::move(fields));
  const weir::Array rows = random.of(schema.get(), 600, false);
  RowDigest digest(schema.get());
  Digest one_by_one;
  for (std::uint32_t i = 0; i < 600; ++i) one_by_one.add(digest.of(rows.get(), std::span(&i, 1)).value());
  CHECK(one_by_one == digest.of(rows.get()).value());
}

TEST_CASE("lists are the same however their offsets are kept") {
  const auto list = [](const char* format, auto... offset) {
    weir::ArrayParts parts;
    parts.length = 2;
    parts.buffers.resize(format[1] == 'w' ? 1 : 2);
    if (format[1] != 'w') (parts.buffers[1].append(&offset, sizeof offset), ...);
    weir::NumberBuilder<std::int64_t> items;
    for (const std::int64_t item : {5, 6, 7, 8}) items.append(item);
    parts.children.push_back(items.finish());
    return digest_of_column(format, weir::make_array(std::move(parts)), weir::fields_of(weir::Schema::field("l", "x")));
  };
  const std::string expected = list("+l", std::int32_t{0}, std::int32_t{2}, std::int32_t{4});
  CHECK(list("+L", std::int64_t{0}, std::int64_t{2}, std::int64_t{4}) == expected);
  CHECK(list("+w:2") == expected);
  CHECK(list("+l", std::int32_t{0}, std::int32_t{1}, std::int32_t{4}) != expected);
}

TEST_CASE("every bit of a value counts, and changes about half of the digest") {
  const auto word = GENERATE(std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{20000}, ~std::uint64_t{0});
  const weir::Schema schema =
      weir::Schema::rows(weir::fields_of(weir::Schema::field("l", "a"), weir::Schema::field("l", "b")));
  RowDigest digest(schema.get());
  const auto of_words = [&](std::uint64_t first, std::uint64_t second) {
    std::vector<weir::Array> columns;
    for (const auto value : {first, second}) {
      weir::NumberBuilder<std::int64_t> numbers;
      numbers.append(static_cast<std::int64_t>(value));
      columns.push_back(numbers.finish());
    }
    return digest.of(weir::rows_of(1, std::move(columns)).get()).value();
  };
  const Digest before = of_words(word, word);
  int changed = 0;
  for (int bit = 0; bit < 64; ++bit) {
    for (const Digest& after :
         {of_words(word ^ (std::uint64_t{1} << bit), word), of_words(word, word ^ (std::uint64_t{1} << bit))}) {
      const int bits = std::popcount(before.low ^ after.low) + std::popcount(before.high ^ after.high);
      CHECK(bits > 32);  // 5.6 deviations off
      CHECK(bits < 96);
      changed += bits;
    }
  }
  CHECK(std::abs(changed - 128 * 64) < 128 * 3);
}

TEST_CASE("a value of any type that changes is seen, a null too") {
  const auto seed = GENERATE(range(1U, 5U));
  INFO("seed " << seed);
  RandomArrays random(seed);
  const weir::Schema schema = arrow::every_type();
  weir::Array rows = random.of(schema.get(), 40, false, false), others = random.of(schema.get(), 40, false, false);
  const Digest before = digest_of(rows.get(), schema.get());
  for (std::int64_t i = 1; i < rows->n_children; ++i) {  // the first is of nulls
    std::swap(*rows.address()->children[i], *others.address()->children[i]);
    INFO("column " << i);
    CHECK(digest_of(rows.get(), schema.get()) != before);
    std::swap(*rows.address()->children[i], *others.address()->children[i]);
  }
  CHECK(digest_of(rows.get(), schema.get()) == before);
}

TEST_CASE("values that went to other rows or columns are seen") {
  const auto rows = [](json a, json b) {
    return digest_of(json::array({{{"name", "a"}, {"format", "l"}, {"values", std::move(a)}},
                                  {{"name", "b"}, {"format", "l"}, {"values", std::move(b)}}}));
  };
  CHECK(rows({1, 2}, {3, 4}) == rows({2, 1}, {4, 3}));
  CHECK(rows({1, 2}, {3, 4}) != rows({1, 2}, {4, 3}));
  CHECK(rows({1, 2}, {3, 4}) != rows({3, 4}, {1, 2}));
  CHECK(rows({1}, {nullptr}) != rows({nullptr}, {1}));
  CHECK(rows({1, 1}, {2, 2}) != rows({1}, {2}));  // a row that came twice
  CHECK(digest_of("l", {nullptr}) != digest_of("l", {0}));
  CHECK(digest_of("u", {nullptr}) != digest_of("u", {""}));
  CHECK(digest_of("l", {nullptr}) == digest_of("u", {nullptr}));  // nothing has no type
}

TEST_CASE("what is null counts as null, whatever lies in its place") {
  weir::NumberBuilder<std::int64_t> numbers;
  numbers.append(1);
  numbers.append_null();
  weir::Array column = numbers.finish();
  static_cast<std::int64_t*>(const_cast<void*>(column->buffers[1]))[1] = 99;
  CHECK(digest_of_column("l", std::move(column)) == digest_of("l", {1, nullptr}));
}

TEST_CASE("a digest as text comes back") {
  const Digest digest{0x0123456789abcdefU, 0x8f3a00000000000eU};
  CHECK(digest.to_text() == "8f3a00000000000e0123456789abcdef");
  CHECK(digest.shown() == "8f3a…ef");
  CHECK(Digest::from_text(digest.to_text()) == digest);
  for (const char* bad : {"", "8f3a", "8F3A00000000000E0123456789ABCDEF", "8f3a00000000000e0123456789abcde ",
                          "8f3a00000000000e0123456789abcdef0"}) {
    CHECK_FALSE(Digest::from_text(bad));
  }
}

TEST_CASE("digests add up and are taken away with a carry") {
  const Digest most{~std::uint64_t{0}, ~std::uint64_t{0}}, one{1, 0};
  Digest sum = most;
  sum.add(one);
  CHECK(sum == Digest{});
  sum.subtract(one);
  CHECK(sum == most);
}

}  // namespace weir::integrity
