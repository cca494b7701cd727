// Every way in which a ledger does not balance, in golden/messages.txt.
#include <weir_catch.hpp>
#include <weir_golden.hpp>

#include "integrity/ledger.hpp"

namespace weir::integrity {
namespace {

Line line(const char* link, Role role, std::uint64_t in, std::uint64_t out) {
  Line made;
  made.link = link;
  made.component = "csv";
  made.role = role;
  made.account.rows_in = in;
  made.account.leave(0, out);
  return made;
}

}  // namespace

TEST_CASE("a ledger that does not balance is told as the golden file says") {
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  Ledger ledger{
      {line("orders", Role::extract, 0, 9), line("clean", Role::transform, 9, 9), line("out", Role::load, 9, 9)}};
  ledger.lines[1].from = {0};
  ledger.lines[2].from = {1};
  REQUIRE(ledger.balance());
  ledger.lines[2].confirmed_rows = 7;
  told.tell_failure("a destination that has fewer", ledger.balance());
  ledger.lines[2].confirmed_rows = -1;
  ledger.lines[2].account.rows_in = 8;
  told.tell_failure("rows lost between two links", ledger.balance());
  ledger.lines[2].account.rows_in = 9;
  ledger.lines[1].account.rejected.add("bad", 1);
  told.tell_failure("rows lost in a link", ledger.balance());
  ledger = {{line("orders", Role::extract, 0, 9), line("out", Role::load, 9, 8)}};
  ledger.lines[1].from = {0};
  ledger.lines[1].once = false;
  ledger.lines[1].from = {0};
  told.tell_failure("rows lost in the whole", ledger.balance());
  told.end();
}

}  // namespace weir::integrity
