// Paths into structs and lists over several chunks of rows, in slices, with nulls at every level.
#include <weir_catch.hpp>

#include "answer.hpp"

namespace {

using namespace weir;

constexpr std::int64_t kBefore = 3;  // rows that a slice leaves out
constexpr std::int64_t kNestedRows = 2600;

// Row i: box is null each 11th time; its list is null each 7th time, and has i % 4 items: i, null, i + 2; its name is null each
// 5th time; its inner struct never is.
bool no_box(std::int64_t row) { return row % 11 == 5; }
bool no_list(std::int64_t row) { return row % 7 == 2; }
bool no_name(std::int64_t row) { return row % 5 == 1; }

Schema schema() {
  std::vector<Schema> fields;
  fields.push_back(Schema::nested("+s", "box", Schema::nested("+l", "list", Schema::field("i", "item")),
                                  Schema::field("u", "name"),
                                  Schema::nested("+s", "inner", Schema::field("b", "even"))));
  fields.push_back(Schema::field("l", "n"));
  return Schema::rows(std::move(fields));
}

Array rows() {
  NumberBuilder<std::int32_t> item;
  NumberBuilder<std::int64_t> n;
  ListBuilder list;
  TextBuilder name;
  BooleanBuilder even;
  StructBuilder box, inner;
  for (std::int64_t i = -kBefore; i < kNestedRows; ++i) {
    for (std::int64_t k = 0; i >= 0 && !no_list(i) && k < i % 4; ++k) {
      if (k == 1) {
        item.append_null();
      } else {
        item.append(static_cast<std::int32_t>(i + k));
      }
    }
    i >= 0 && no_list(i) ? list.append_null() : list.append(item.length());
    i >= 0 && no_name(i) ? name.append_null() : name.append("n" + std::to_string(i));
    even.append(i % 2 == 0);
    inner.append();
    i >= 0 && no_box(i) ? box.append_null() : box.append();
    n.append(i);
  }
  std::vector<Array> members, within, columns;
  within.push_back(even.finish());
  members.push_back(list.finish(item.finish()));
  members.push_back(name.finish());
  members.push_back(inner.finish(std::move(within)));
  columns.push_back(box.finish(std::move(members)));
  columns.push_back(n.finish());
  Array made = rows_of(kNestedRows + kBefore, std::move(columns));
  made.address()->offset = kBefore;
  made.address()->length = kNestedRows;
  return made;
}

template <class Expected>
void check(const std::string& expression, Expected expected) {
  static const Schema kSchema = schema();
  static const Array kAll = rows();
  const std::vector<std::string> answers = expr::answers_of(expression, kSchema.get(), kAll.get());
  INFO(expression);
  REQUIRE(answers.size() == static_cast<std::size_t>(kNestedRows));
  int wrong = 0;
  for (std::int64_t row = 0; row < kNestedRows; ++row) {
    const std::string& found = answers[static_cast<std::size_t>(row)];
    if (found != expected(row) && ++wrong < 4) FAIL_CHECK(row << ": " << found << ", expected " << expected(row));
  }
  CHECK(wrong == 0);
}

std::string item(std::int64_t row, std::int64_t at) {
  const std::int64_t count = row % 4;
  if (no_box(row) || no_list(row) || at < 0 || at >= count || at == 1) return "null";
  return std::to_string(row + at);
}

}  // namespace

TEST_CASE("a member of a struct is null where it or the struct is") {
  check("box.name", [](std::int64_t row) {
    return no_box(row) || no_name(row) ? std::string("null") : "'n" + std::to_string(row) + "'";
  });
  check("box.inner.even", [](std::int64_t row) { return no_box(row) ? "null" : row % 2 == 0 ? "true" : "false"; });
  check("box.name is null", [](std::int64_t row) { return no_box(row) || no_name(row) ? "true" : "false"; });
}

TEST_CASE("an item of a list is counted from 1, from its end, by a column, and is null where there is none") {
  check("box.list[1]", [](std::int64_t row) { return item(row, 0); });
  check("box.list[3]", [](std::int64_t row) { return item(row, 2); });
  check("box.list[2]", [](std::int64_t row) { return item(row, 1); });
  check("box.list[-1]", [](std::int64_t row) { return item(row, row % 4 - 1); });
  check("box.list[n % 5]", [](std::int64_t row) { return item(row, row % 5 - 1); });
  check("box.list[0]", [](std::int64_t) { return "null"; });
  check("box.list[nullif(n, n)]", [](std::int64_t) { return "null"; });
}

TEST_CASE("the length of a list and what it contains are told") {
  const auto there = [](std::int64_t row) { return !no_box(row) && !no_list(row); };
  check("list_length(box.list)",
        [&](std::int64_t row) { return there(row) ? std::to_string(row % 4) : std::string("null"); });
  check("list_contains(box.list, n + 2)", [&](std::int64_t row) {
    return !there(row) ? "null" : row % 4 == 3 ? "true" : "false";
  });
}

TEST_CASE("paths over no rows at all give none") {
  const Schema empty = schema();
  Array none = rows();
  none.address()->length = 0;
  CHECK(expr::answers_of("box.list[1]", empty.get(), none.get()).empty());
}
