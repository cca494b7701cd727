#include "run/manifest_settings.hpp"

#include <limits>

namespace weir::run {

CheckpointRule checkpoint_rule(const manifest::Checkpoint& asked) {
  if (!asked.every_ns && !asked.rows && !asked.bytes) return {};
  return {asked.every_ns.value_or(INT64_MAX), asked.rows.value_or(UINT64_MAX), asked.bytes.value_or(UINT64_MAX), true};
}

pipeline::Retrying retrying_of(const manifest::Retry& retry) {
  pipeline::Retrying retrying{retry.attempts, retry.first_ns, retry.max_ns};
  if (retry.given) retrying.patience_ns = std::numeric_limits<std::int64_t>::max();
  return retrying;
}

plugins::CallLimits call_limits(const manifest::Deadlines& deadlines) {
  static_assert(manifest::Deadlines::kNever == plugins::CallLimits::kNever);
  return {deadlines.call_ns, deadlines.cancel_ns, deadlines.stalled_ns, deadlines.exit_ns, !deadlines.call_given};
}

}  // namespace weir::run
