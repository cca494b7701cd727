// A ledger as JSON and back.
#include "integrity/ledger_json.hpp"

#include <weir_catch.hpp>

namespace weir::integrity {
namespace {

Ledger made() {
  Ledger ledger;
  Line extract;
  extract.link = "extract";
  extract.component = "csv";
  extract.role = Role::extract;
  extract.account.rows_out = 7;
  extract.account.bytes = 90;
  extract.account.rejected.add("quantity: expected int64", 2);
  Line route;
  route.link = "route";
  route.component = "route";
  route.once = false;
  route.account.rows_in = 7;
  route.account.leave(0, 3);
  route.account.leave(1, 4);
  route.account.dropped.add("where", 5);
  route.from = {0};
  Line load;
  load.link = "load";
  load.component = "sqlite";
  load.role = Role::load;
  load.from = {1};
  load.output = 1;
  load.confirmed_rows = 4;
  ledger.lines = {extract, route, load};
  return ledger;
}

}  // namespace

TEST_CASE("a ledger comes back as it was kept") {
  const auto kept = to_json(made());
  const Ledger ledger = ledger_of(nlohmann::ordered_json::parse(kept.dump()));
  CHECK(to_json(ledger) == kept);
  REQUIRE(ledger.lines.size() == 3);
  CHECK(ledger.lines[0].role == Role::extract);
  CHECK(ledger.lines[0].account.rejected.items()[0].count == 2);
  CHECK(ledger.lines[0].confirmed_rows == -1);
  CHECK_FALSE(ledger.lines[1].once);
  CHECK(ledger.lines[1].account.left_by(1) == 4);
  CHECK(ledger.lines[1].account.dropped.total() == 5);
  CHECK(ledger.lines[2].role == Role::load);
  CHECK(ledger.lines[2].output == 1);
  CHECK(ledger.lines[2].confirmed_rows == 4);
}

TEST_CASE("what is no ledger is refused") {
  auto from_behind = to_json(made());
  from_behind[1]["from"] = {1};
  auto text_for_number = to_json(made());
  text_for_number[0]["account"]["in"] = "7";
  auto nothing_there = to_json(made());
  nothing_there[2].erase("confirmed");
  for (const auto& damaged : {from_behind, text_for_number, nothing_there, nlohmann::ordered_json(5)})
    CHECK_THROWS_AS(ledger_of(damaged), nlohmann::ordered_json::exception);
}

}  // namespace weir::integrity
