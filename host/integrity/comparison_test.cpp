// What is read back, held against what was sent.
#include "integrity/comparison.hpp"

#include <weir_catch.hpp>

#include "integrity/json_rows.hpp"

namespace weir::integrity {
namespace {

json column(const char* name, const char* format, json values, json children = json::array()) {
  return {{"name", name}, {"format", format}, {"children", std::move(children)}, {"values", std::move(values)}};
}

// Reads `found` in two batches.
Compared compare(const json& sent, const json& found) {
  const JsonRows sent_rows(sent), found_rows(found);
  const Digest digest = RowDigest(sent_rows.schema.get()).of(sent_rows.rows.get()).value();
  Comparison comparison(sent_rows.schema.get(), found_rows.schema.get());
  if (comparison.readable()) {
    ArrowArray first = found_rows.rows.get(), second = first;
    second.offset = first.length = first.length / 2;
    second.length -= first.length;
    REQUIRE(comparison.add(first));
    REQUIRE(comparison.add(second));
  }
  return comparison.end(static_cast<std::uint64_t>(sent_rows.rows->length), digest);
}

const json kSent = {column("id", "i", {1, 2, 3}), column("price", "d:10,2", {"1.00", "2.50", "3.00"})};

}  // namespace

TEST_CASE("rows that come back in another order, of wider types, with a column more, are equal") {
  const auto compared =
      compare(kSent, {column("note", "u", {"a", "b", "c"}), column("price", "d:20,4", {"2.5000", "3.0000", "1.0000"}),
                      column("id", "l", {2, 3, 1})});
  CHECK(compared.verdict == Verdict::equal);
  CHECK(compared.reason.empty());
  CHECK(compared.rows_found == 3);
}

TEST_CASE("a value that changed, and rows that are more or fewer, differ") {
  const auto changed =
      compare(kSent, {column("id", "i", {1, 2, 3}), column("price", "d:10,2", {"1.00", "2.51", "3.00"})});
  CHECK(changed.verdict == Verdict::differs);
  CHECK(changed.reason == "as many rows as were sent, of other values");
  const auto fewer = compare(kSent, {column("id", "i", {1, 2}), column("price", "d:10,2", {"1.00", "2.50"})});
  CHECK(fewer.verdict == Verdict::differs);
  CHECK(fewer.reason == "3 rows were sent, 2 are read back");
}

TEST_CASE("what a store can't give back is not comparable, and named; equal digests prove it all the same") {
  const auto as_double = compare(kSent, {column("id", "i", {1, 2, 3}), column("price", "g", {1.0, 2.5, 3.0})});
  CHECK(as_double.verdict == Verdict::not_comparable);
  CHECK(as_double.reason == "column 'price': decimal(10,2) was sent, double is read back");
  const auto whole =
      compare(json::array({column("price", "d:10,2", {"1.00"})}), json::array({column("price", "g", {1.0})}));
  CHECK(whole.verdict == Verdict::equal);
  const auto gone = compare(kSent, json::array({column("id", "i", {1, 2, 3})}));
  CHECK(gone.verdict == Verdict::not_comparable);
  CHECK(gone.reason == "the destination has no column 'price' any more");
  CHECK_FALSE(gone.found);
}

TEST_CASE("which types can come back as which") {
  const json item = {{{"name", "item"}, {"format", "i"}}}, wide = {{{"name", "element"}, {"format", "l"}}},
             text = {{{"name", "item"}, {"format", "u"}}};
  const auto doubtful = [](const json& sent, const json& found) {
    const JsonRows sent_rows(json::array({sent})), found_rows(json::array({found}));
    return !doubtful_column(sent_rows.schema.get(), found_rows.schema.get()).empty();
  };
  const auto flat = [&doubtful](const char* sent, const char* found) {
    return doubtful(column("a", sent, json::array()), column("a", found, json::array()));
  };
  for (const auto& [sent, found] :
       {std::pair{"i", "l"}, {"l", "g"}, {"d:9,0", "L"}, {"tsm:UTC", "tsu:Europe/Rome"}, {"n", "u"}, {"l", "n"}}) {
    CAPTURE(sent, found);
    CHECK_FALSE(flat(sent, found));
  }
  for (const auto& [sent, found] :
       {std::pair{"f", "g"}, {"d:9,2", "g"}, {"b", "l"}, {"u", "z"}, {"tsm:UTC", "tsm:"}, {"tDs", "l"}, {"tdD", "u"}}) {
    CAPTURE(sent, found);
    CHECK(flat(sent, found));
  }
  CHECK_FALSE(doubtful(column("a", "+l", {{1}}, item), column("a", "+l", {{1}}, wide)));
  CHECK(doubtful(column("a", "+l", {{1}}, item), column("a", "+l", {{"x"}}, text)));
  CHECK(doubtful(column("a", "+l", {{1}}, item), column("a", "u", {"[1]"})));
  CHECK(doubtful(column("a", "+s", {{{"item", 1}}}, item), column("a", "+s", {{{"element", 1}}}, wide)));
}

}  // namespace weir::integrity
