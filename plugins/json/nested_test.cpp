// The json encoder: lists, structs, maps, dictionaries, slices at every level, and random batches read back by another
// library.
#include <nlohmann/json.hpp>
#include <random>

#include "json_test.hpp"

namespace weir::json {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Schema> one(Schema field) {
  std::vector<Schema> fields;
  fields.push_back(std::move(field));
  return fields;
}

std::vector<Schema> two(Schema first, Schema second) {
  std::vector<Schema> fields = one(std::move(first));
  fields.push_back(std::move(second));
  return fields;
}

Schema map_field(const char* key) {
  return Schema::field("+m", "v", true, {},
                       one(Schema::field("+s", "entries", false, {},
                                         two(Schema::field(key, "key", false), Schema::field("l", "value")))));
}

// Makes the array a slice of itself.
Array sliced(Array array, std::int64_t offset, std::int64_t length) {
  array.address()->offset += offset;
  array.address()->length = length;
  array.address()->null_count = -1;
  return array;
}

void release_dictionary(ArrowArray* array) {
  auto* owner = static_cast<WithDictionary*>(array->private_data);
  delete owner;
  array->release = nullptr;
}

Array dictionary_of(Array indices, Array values) {
  auto* owner = new WithDictionary{std::move(indices), std::move(values)};
  ArrowArray raw = owner->indices.get();
  raw.dictionary = owner->values.address();
  raw.private_data = owner;
  raw.release = release_dictionary;
  return Array(&raw);
}

// The schema of a dictionary column: Schema makes none, so a copy of a hand-made one.
Schema dictionary_field(const char* index, const char* value) {
  const Schema indices = Schema::field(index, "v"), values = Schema::field(value, "");
  ArrowSchema raw = indices.get();
  ArrowSchema held = values.get();
  raw.dictionary = &held;
  return Schema::copy_of(raw);
}

}  // namespace

TEST_CASE("json writes lists of every layout as arrays") {
  CHECK(values_of(Schema::field("+l", "v", true, {}, one(Schema::field("l", "item"))),
                  lists<std::int32_t>({0, 2, 2, 3, 3}, numbers<std::int64_t>({1, 2, 3}, {true, false, true}),
                                      {true, true, true, false})) == "[1,null] [] [3] null");
  CHECK(values_of(Schema::field("+L", "v", true, {}, one(Schema::field("u", "item"))),
                  lists<std::int64_t>({0, 1, 2}, texts({"a", "b"}))) == "[\"a\"] [\"b\"]");
  std::vector<Array> items;
  items.push_back(numbers<std::int64_t>({1, 2, 3, 4}));
  CHECK(values_of(Schema::field("+w:2", "v", true, {}, one(Schema::field("l", "item"))),
                  make_array(2, 0, std::vector<Buffer>(1), std::move(items))) == "[1,2] [3,4]");
}

TEST_CASE("json writes structs as objects") {
  CHECK(values_of(Schema::field("+s", "v", true, {}, two(Schema::field("l", "a\n"), Schema::field("u", "b"))),
                  structs(3, {true, false, true}, numbers<std::int64_t>({1, 2, 3}),
                          texts({"x", "y", "z"}, {true, true, false}))) ==
        "{\"a\\n\":1,\"b\":\"x\"} null {\"a\\n\":3,\"b\":null}");
}

TEST_CASE("json writes maps as objects where keys are text, else as pairs") {
  const auto entries = [](Array keys) {
    std::vector<Array> fields;
    fields.push_back(std::move(keys));
    fields.push_back(numbers<std::int64_t>({1, 2, 3}, {true, true, false}));
    return make_array(3, 0, std::vector<Buffer>(1), std::move(fields));
  };
  CHECK(values_of(map_field("u"), lists<std::int32_t>({0, 2, 3, 3}, entries(texts({"a", "b\"", "c"})),
                                                      {true, true, true})) == "{\"a\":1,\"b\\\"\":2} {\"c\":null} {}");
  CHECK(values_of(map_field("l"), lists<std::int32_t>({0, 2, 3}, entries(numbers<std::int64_t>({7, 8, 9})))) ==
        "[[7,1],[8,2]] [[9,null]]");
  CHECK(values_of(map_field("tdD"), lists<std::int32_t>({0, 1}, entries(numbers<std::int32_t>({0, 1, 2})))) ==
        "[[\"1970-01-01\",1]]");
  CHECK(
      values_of(map_field("u"), lists<std::int32_t>({0, 2, 3}, entries(texts({"a", "b", "c"}, {true, true, false})))) ==
      "{\"a\":1,\"b\":2}");
}

TEST_CASE("json writes what a dictionary stands for") {
  const auto words = [] { return texts({"one", "two", "none"}, {true, true, false}); };
  CHECK(values_of(dictionary_field("c", "u"),
                  dictionary_of(numbers<std::int8_t>({1, 0, 2, 0}, {true, true, true, false}), words())) ==
        "\"two\" \"one\" null null");
  CHECK(values_of(dictionary_field("C", "u"), dictionary_of(numbers<std::uint8_t>({0}), words())) == "\"one\"");
  CHECK(values_of(dictionary_field("s", "u"), dictionary_of(numbers<std::int16_t>({1}), words())) == "\"two\"");
  CHECK(values_of(dictionary_field("S", "u"), dictionary_of(numbers<std::uint16_t>({1}), words())) == "\"two\"");
  CHECK(values_of(dictionary_field("i", "u"), dictionary_of(numbers<std::int32_t>({1}), words())) == "\"two\"");
  CHECK(values_of(dictionary_field("I", "u"), dictionary_of(numbers<std::uint32_t>({1}), words())) == "\"two\"");
  CHECK(values_of(dictionary_field("l", "l"),
                  dictionary_of(numbers<std::int64_t>({1}), numbers<std::int64_t>({5, 6}))) == "6");
  CHECK(values_of(dictionary_field("L", "u"), dictionary_of(numbers<std::uint64_t>({0}), sliced(words(), 1, 2))) ==
        "\"two\"");
}

TEST_CASE("json obeys the offset of every array on the way") {
  std::vector<Schema> fields;
  fields.push_back(Schema::field("+s", "s", true, {}, two(Schema::field("l", "a"), Schema::field("b", "b"))));
  fields.push_back(Schema::field("+l", "l", true, {}, one(Schema::field("u", "item"))));
  Lines lines(std::move(fields));
  std::vector<Buffer> bits;
  bits.push_back(bits_of({false, false, false, true, false, true, true, true}, true));
  // Rows begin at 1; the struct at 1 of itself, its first child at 2: row 0 is child value 1 + 1 + 2.
  Array inner =
      structs(6, {false, false, true, true, false, true}, sliced(numbers<std::int64_t>({0, 1, 2, 3, 4, 5, 6, 7}), 2, 6),
              sliced(array_of(8, {}, std::move(bits)), 2, 6));
  std::vector<Array> columns;
  columns.push_back(sliced(std::move(inner), 1, 5));
  columns.push_back(
      sliced(lists<std::int32_t>({0, 1, 2, 4, 4, 5}, sliced(texts({"-", "a", "b", "c", "d", "e"}), 1, 5)), 1, 4));
  lines.encode(std::move(columns), 3, 1);
  CHECK(lines.take() ==
        "{\"s\":{\"a\":4,\"b\":false},\"l\":[\"c\",\"d\"]}\n"
        "{\"s\":{\"a\":5,\"b\":true},\"l\":[]}\n"
        "{\"s\":null,\"l\":[\"e\"]}\n");
}

TEST_CASE("json gives back random rows to another reader") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 60; ++round) {
    const std::int64_t length = static_cast<std::int64_t>(random() % 200),
                       offset = static_cast<std::int64_t>(random() % 9);
    const auto count = static_cast<std::size_t>(length + offset);
    std::vector<std::int64_t> integers;
    std::vector<double> reals;
    std::vector<std::string> words;
    std::vector<std::int32_t> ends{0};
    std::vector<std::int64_t> items;
    std::vector<bool> valid;
    for (std::size_t i = 0; i < count; ++i) {
      integers.push_back(static_cast<std::int64_t>(random() >> (random() % 64)) * (random() % 2 == 0 ? 1 : -1));
      double real = 0;
      const std::uint64_t bits = random();
      std::memcpy(&real, &bits, sizeof real);
      reals.push_back(std::isfinite(real) ? real : 0.5);
      std::string word;
      for (std::uint64_t k = random() % 40; k > 0; --k)
        word += random() % 9 == 0 ? "é" : std::string(1, static_cast<char>(random() % 128));
      words.push_back(word);
      for (std::uint64_t k = random() % 4; k > 0; --k) items.push_back(static_cast<std::int64_t>(random()));
      ends.push_back(static_cast<std::int32_t>(items.size()));
      valid.push_back(random() % 5 != 0);
    }
    std::vector<Schema> fields = two(Schema::field("l", "integer"), Schema::field("g", "real"));
    fields.push_back(Schema::field("u", "wörd"));
    fields.push_back(Schema::field("+l", "items", true, {}, one(Schema::field("l", "item"))));
    Lines lines(std::move(fields));
    std::vector<Array> columns;
    columns.push_back(numbers(integers, valid));
    columns.push_back(numbers(reals));
    columns.push_back(texts(words, valid));
    columns.push_back(lists(ends, numbers(items), valid));
    lines.encode(std::move(columns), length, offset);
    std::istringstream text(lines.take());
    std::string line;
    for (auto i = static_cast<std::size_t>(offset); i < count; ++i) {
      REQUIRE(std::getline(text, line));
      Json expected;
      expected["integer"] = valid[i] ? Json(integers[i]) : Json();
      expected["real"] = reals[i];
      expected["wörd"] = valid[i] ? Json(words[i]) : Json();
      expected["items"] =
          valid[i] ? Json(std::vector<std::int64_t>(items.begin() + ends[i], items.begin() + ends[i + 1])) : Json();
      REQUIRE(Json::parse(line) == expected);
    }
    REQUIRE_FALSE(std::getline(text, line));
  }
}

}  // namespace weir::json
