#include "integrity/ledger.hpp"

#include <weir_catch.hpp>

namespace weir::integrity {
namespace {

Ledger balanced() {
  Ledger ledger;
  Line extract{"extract", "csv", Role::extract, true, {}};
  extract.account.rows_out = 98;
  extract.account.rejected.add("quantity not an integer", 2);
  Line filter{"filter", "filter", Role::transform, true, {}};
  filter.account.rows_in = 98;
  filter.account.rows_out = 60;
  filter.account.dropped.add("where", 38);
  Line load{"load", "sqlite", Role::load, true, {}};
  load.account.rows_in = 60;
  load.account.rows_out = 59;
  load.account.rejected.add("violates UNIQUE", 1);
  filter.from = {0};
  load.from = {1};
  load.confirmed_rows = 59;
  ledger.lines = {extract, filter, load};
  return ledger;
}

std::string message_of(const Ledger& ledger) {
  const auto result = ledger.balance();
  REQUIRE_FALSE(result);
  CHECK(base::exit_code(result.error()) == 5);
  return result.error().message;
}

}  // namespace

TEST_CASE("a ledger that accounts for every row balances") {
  const Ledger ledger = balanced();
  CHECK(ledger.balance());
  CHECK(ledger.extracted() == 100);
  CHECK(ledger.dropped() == 38);
  CHECK(ledger.rejected() == 3);
  CHECK(ledger.loaded() == 59);
}

TEST_CASE("a row lost in a link is an imbalance that names the link") {
  Ledger ledger = balanced();
  ledger.lines[1].account.rows_out = 59;
  ledger.lines[2].account.rows_in = 59;
  ledger.lines[2].account.rows_out = 58;
  CHECK(message_of(ledger) == "link 'filter': expected 98 rows to leave, loaded, dropped or rejected, found 97");
}

TEST_CASE("a row lost between links is an imbalance that names both") {
  Ledger ledger = balanced();
  ledger.lines[2].account.rows_in = 58;
  CHECK(message_of(ledger) == "link 'load': expected the 60 rows that left 'filter', found 58");
}

TEST_CASE("a destination that has other rows than were sent is an imbalance") {
  Ledger ledger = balanced();
  ledger.lines[2].confirmed_rows = 58;
  CHECK(message_of(ledger) ==
        "link 'load' (sqlite): expected the destination to confirm 59 rows, found that it has 58");
}

TEST_CASE("accounts of parts of a load add up to that of the whole, their digests too") {
  Account whole, part;
  whole.merge(part);
  CHECK_FALSE(whole.digest);
  part.digest = Digest{~std::uint64_t{0}, 1};
  whole.merge(part);
  whole.merge(part);
  CHECK(whole.digest == Digest{~std::uint64_t{0} - 1, 3});
}

TEST_CASE("a link that may multiply rows expands, one that may merge them merges") {
  Ledger ledger = balanced();
  ledger.lines[1].once = false;
  ledger.lines[1].account = {};
  ledger.lines[1].account.rows_in = 98;
  ledger.lines[1].account.rows_out = 120;
  ledger.lines[2].account = {};
  ledger.lines[2].account.rows_in = ledger.lines[2].account.rows_out = 120;
  ledger.lines[2].confirmed_rows = -1;
  CHECK(ledger.balance());
  CHECK(ledger.expanded() == 22);
  ledger.lines[1].account.rows_out = ledger.lines[2].account.rows_in = ledger.lines[2].account.rows_out = 8;
  CHECK(ledger.balance());
  CHECK(ledger.merged() == 90);
}

TEST_CASE("reasons beyond the bound are counted together, and none is lost") {
  Reasons reasons;
  for (int i = 0; i < 1000; ++i) reasons.add("reason " + std::to_string(i), 2);
  CHECK(reasons.total() == 2000);
  CHECK(reasons.items().size() == 65);
  CHECK(reasons.items().back().reason == "other");
  std::uint64_t sum = 0;
  for (const auto& item : reasons.items()) sum += item.count;
  CHECK(sum == 2000);
}

}  // namespace weir::integrity
