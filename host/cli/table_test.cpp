#include "cli/table.hpp"

#include <weir_catch.hpp>

namespace weir::cli {
namespace {

Table table() {
  return {{"id", "name"}, {"int64", "string?"}, {true, false}, {{{"7"}, {"pen"}}, {{"1234567"}, {"", true}}}};
}

TEST_CASE("numbers stand at the right, and nothing trails") {
  CHECK(draw(table(), 80, "  ") ==
        "       id  name\n"
        "    int64  string?\n"
        "        7  pen\n"
        "  1234567  ∅\n");
}

TEST_CASE("a null looks like no text") {
  Table odd = table();
  odd.rows = {{{"1"}, {"", true}}, {{"2"}, {"∅"}}, {{"3"}, {""}}, {{"4"}, {"null"}}};
  CHECK(draw(odd, 80, "") == "   id  name\nint64  string?\n    1  ∅\n    2  \"∅\"\n    3  \"\"\n    4  null\n");
}

TEST_CASE("wide and combining characters take what they take") {
  Table wide = table();
  wide.right = {false, false};
  wide.rows = {{{"表表"}, {"x"}}, {{"e\xCC\x81"}, {"y"}}};
  CHECK(draw(wide, 80, "") == "id     name\nint64  string?\n表表   x\ne\xCC\x81      y\n");
}

TEST_CASE("control characters don't reach the terminal") {
  Table odd = table();
  odd.rows = {{{"1"}, {"a\x1b[2J\nb"}}};
  CHECK(draw(odd, 80, "") == "   id  name\nint64  string?\n    1  a\\x1b[2J\\nb\n");
}

TEST_CASE("the widest is cut first, at whole characters") {
  Table wide = table();
  wide.rows = {{{"1"}, {"表表表表表表表表"}}};
  CHECK(draw(wide, 17, "") == "   id  name\nint64  string?\n    1  表表表表…\n");
}

TEST_CASE("columns that don't fit at all are told") {
  Table many;
  for (int i = 0; i < 9; ++i) {
    many.names.push_back("column" + std::to_string(i));
    many.types.emplace_back("string");
    many.right.push_back(false);
  }
  CHECK(draw(many, 22, "") == "colum…  colum…  colum…\nstring  string  string\n… and 6 more columns\n");
}

}  // namespace
}  // namespace weir::cli
