#include "run/interrupt.hpp"

#include <weir_catch.hpp>

#include "run/fake_plan.hpp"

namespace weir::run {
namespace {

TEST_CASE("while it plans, plugins are told, and the process may end") {
  Interrupt interrupt;
  CHECK(interrupt.go_on());
  CHECK(interrupt.may_be_left());
  interrupt.request();
  CHECK(interrupt.cancelled());
  CHECK(interrupt.may_be_left());
  CHECK(interrupt.go_on().error().code == "run.interrupted");
}

TEST_CASE("while it writes, nothing is cut off, nor may the process end") {
  Interrupt interrupt;
  interrupt.write();
  interrupt.request();
  CHECK_FALSE(interrupt.cancelled());
  CHECK_FALSE(interrupt.may_be_left());
  CHECK(interrupt.requested());
}

TEST_CASE("the pipeline behind one that was committed is not begun") {
  Interrupt interrupt;
  interrupt.write();
  interrupt.request();
  interrupt.plan();
  CHECK(interrupt.cancelled());
  CHECK_FALSE(interrupt.go_on());
}

TEST_CASE("what a cancelled plugin says is not what went wrong") {
  Interrupt interrupt;
  CHECK(interrupt.told(fake::cancelled()).code == "plugin.cancelled");
  interrupt.request();
  CHECK(interrupt.told(fake::cancelled()).code == "run.interrupted");
  const auto other = base::make_error(base::Status::data_loss, base::Fault::data, "plugin.data_loss", "x");
  CHECK(interrupt.told(other).code == "plugin.data_loss");
}

}  // namespace
}  // namespace weir::run
