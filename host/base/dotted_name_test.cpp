// Names of parts with dots between, and wildcards over names.
#include "base/dotted_name.hpp"

#include <weir_catch.hpp>

#include "base/wildcards.hpp"

namespace weir::base {
namespace {

using Parts = std::vector<std::string>;

TEST_CASE("names are taken apart as they are put together") {
  CHECK(dotted_name({"public", "orders"}) == "public.orders");
  CHECK(dotted_name({"s", "a.\"b"}) == "s.\"a.\"\"b\"");
  for (const std::string part : {"a", "", ".", "\"", "a\"b", "\".\"", "\"\"", "a b"}) {
    for (const Parts& parts : {Parts{part}, Parts{part, "orders"}, Parts{"shop", part}})
      CHECK(parts_of_name(dotted_name(parts)) == parts);
  }
  for (const std::string text : {"\"open", "a\"b", "\"a\"b", "\"a\"\""}) CHECK(parts_of_name(text) == Parts{text});
}

TEST_CASE("wildcards stand for any part of a name, dots and slashes too") {
  CHECK(fits_wildcards("public.*", "public.orders"));
  CHECK(fits_wildcards("*", ".a/b"));
  CHECK(fits_wildcards("c_[0-9]?", "c_12"));
  CHECK_FALSE(fits_wildcards("c_[!0-9]", "c_1"));
  CHECK_FALSE(fits_wildcards("orders", "orders2"));
  CHECK(fits_wildcards("a\\*", "a*"));
  CHECK((has_wildcards("a*") && has_wildcards("?") && has_wildcards("[ab]") && !has_wildcards("a.b{c}")));
}

TEST_CASE("a text without wildcards fits itself only") {
  for (const std::string text : {"plain", "a*b", "a?b", "a[b]c", "a\\b"}) {
    CHECK(fits_wildcards(without_wildcards(text), text));
    CHECK_FALSE(fits_wildcards(without_wildcards(text), text + "x"));
  }
  CHECK_FALSE(fits_wildcards(without_wildcards("a*"), "ab"));
  CHECK(without_wildcards("odd{x,y}") == "odd[\\{]x,y}");
}

}  // namespace
}  // namespace weir::base
