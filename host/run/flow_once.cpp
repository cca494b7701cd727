#include "run/attempt.hpp"

namespace weir::run {

base::Result<void> Attempt::flow_once(const StandIns& stand_ins) {
  interrupt_.plan();
  draft_.manifest.limits = {};
  WEIR_TRY(plan(stand_ins));
  const bool as_said = !stand_ins.source && !stand_ins.read_back;
  for (const auto& use : draft_.manifest.extract) {
    if (!as_said || named_file(use) != "-") continue;
    return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::source,
                                             "source.comes_once", "standard input can't be read again"));
  }
  WEIR_TRY(settle(*plan_));
  WEIR_TRY(interrupt_.go_on());
  Execution execution(*plan_);
  WEIR_TRY(execution.open());
  std::int64_t expected = 0;
  for (const auto& source : plan_->sources) {
    for (const auto& split : source->splits()) expected += std::max<std::int64_t>(split.bytes, 0);
  }
  if (watch_.begin) watch_.begin(execution, expected);
  interrupt_.flow(execution);
  auto flowed = execution.flow();
  if (flowed && *flowed == Flowed::end) {  // rejects that wait are handed over
    if (auto cut = execution.cut(plan_->identity.epoch, true); !cut) flowed = base::unexpected(std::move(cut).error());
  }
  interrupt_.write();
  execution.close_writers();
  if (watch_.end) watch_.end();
  if (!flowed) return base::unexpected(interrupt_.told(flowed.error()));
  return *flowed == Flowed::end ? base::Result<void>() : base::unexpected(interrupted());
}

}  // namespace weir::run
