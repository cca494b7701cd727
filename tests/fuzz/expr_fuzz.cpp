// libFuzzer target of expressions: any bytes as one, over columns of every kind. What does not compile points at a place in
// its text; what does gives each row the same answer, be it computed with all others or alone.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "answer.hpp"

namespace {

using namespace weir;

constexpr std::int64_t kRows = 7;
constexpr std::int64_t kWords[kRows] = {0, 1, -1, INT64_MAX, INT64_MIN, 86'400'000'000, 0};
constexpr const char* kTexts[kRows] = {"", "a", "2024-02-29", "{\"a\": [1, \"x\"]}", "日本 ab", "-12.50", ""};

template <class Builder, class Each>
Array column(Each&& append) {
  Builder builder;
  for (std::int64_t row = 0; row + 1 < kRows; ++row) append(builder, row);
  builder.append_null();
  return builder.finish();
}
template <class T>
Array numbers(T scale = 1) {
  return column<NumberBuilder<T>>(
      [scale](auto& to, std::int64_t row) { to.append(static_cast<T>(static_cast<T>(kWords[row]) / scale)); });
}
Array texts() {
  return column<TextBuilder>([](auto& to, std::int64_t row) { to.append(kTexts[row]); });
}
Array flags() {
  return column<BooleanBuilder>([](auto& to, std::int64_t row) { to.append(row % 2 == 0); });
}
// A list of `items`, which has kRows: row i has i % 3 of them.
Array lists(Array items) {
  ListBuilder builder;
  std::int64_t end = 0;
  for (std::int64_t row = 0; row + 1 < kRows; ++row) builder.append(end += row % 3);
  builder.append_null();
  return builder.finish(std::move(items));
}
Array structure(std::vector<Array> members) {
  StructBuilder builder;
  for (std::int64_t row = 0; row + 1 < kRows; ++row) builder.append();
  builder.append_null();
  return builder.finish(std::move(members));
}
Array item() {
  std::vector<Array> members;
  members.push_back(texts());
  members.push_back(lists(numbers<std::int64_t>()));
  return structure(std::move(members));
}
Array words() {
  DictionaryBuilder builder;
  for (const char* const text : kTexts) builder.append(text);
  return builder.finish();
}

struct Table {
  Schema schema;
  Array rows;
};

// The names are those of golden/mistakes.txt.
Table table() {
  std::vector<Schema> fields;
  std::vector<Array> columns;
  const auto add = [&](Schema field, Array made) {
    fields.push_back(std::move(field));
    columns.push_back(std::move(made));
  };
  add(Schema::field("u", "product"), texts());
  add(Schema::field("l", "quantity"), numbers<std::int64_t>());
  add(Schema::field("c", "small"), numbers<std::int8_t>());
  add(Schema::field("L", "huge"), numbers<std::uint64_t>());
  add(Schema::field("g", "price"), numbers<double>(4));
  add(Schema::field("d:10,2", "cost"), numbers<Int128>(1'000'000'000'000));
  add(Schema::field("b", "paid"), flags());
  add(Schema::field("tdD", "day"), numbers<std::int32_t>());
  add(Schema::field("tsu:", "at"), numbers<std::int64_t>());
  add(Schema::field("tsn:UTC", "instant"), numbers<std::int64_t>());
  add(Schema::field("tsu:Europe/Rome", "rome"), numbers<std::int64_t>(1000));
  add(Schema::field("ttu", "clock"), numbers<std::int64_t>(INT64_MAX));
  add(Schema::field("tDm", "took"), numbers<std::int64_t>());
  add(Schema::field("z", "raw"), texts());
  add(Schema::nested("+s", "item", Schema::field("u", "sku"),
                     Schema::nested("+l", "sizes", Schema::field("l", "size"))),
      item());
  add(Schema::nested("+l", "tags", Schema::field("u", "tag")), lists(texts()));
  add(Schema::dictionary(Schema::field("i", "country"), Schema::field("u", "")), words());
  return {Schema::rows(std::move(fields)), rows_of(kRows, std::move(columns))};
}

void fail(const std::string& what) {
  std::fprintf(stderr, "violated: %s\n", what.c_str());
  std::abort();
}

void check_place(const std::string& text, const ArrowSchema& schema) {
  try {
    expr::compile_condition(text, expr::Scope::of(schema));
  } catch (const expr::Mistake& mistake) {
    if (mistake.offset + mistake.length > text.size()) fail("a mistake is in the text: " + mistake.message);
    if (mistake.message.empty()) fail("a mistake says what it is");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Table given = table();
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  check_place(text, given.schema.get());
  const std::vector<std::string> together = expr::answers_of(text, given.schema.get(), given.rows.get());
  if (together.size() != static_cast<std::size_t>(kRows)) return 0;
  ArrowArray one = given.rows.get();
  one.length = 1;
  for (one.offset = 0; one.offset < kRows; ++one.offset) {
    const std::vector<std::string> alone = expr::answers_of(text, given.schema.get(), one);
    const std::string& wanted = together[static_cast<std::size_t>(one.offset)];
    if (alone.at(0) != wanted) fail("row " + std::to_string(one.offset) + ": " + wanted + " / alone: " + alone.at(0));
  }
  return 0;
}
