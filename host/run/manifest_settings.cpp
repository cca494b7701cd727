#include "run/manifest_settings.hpp"

#include <limits>

#include "state/places.hpp"

namespace weir::run {

std::string portion_id(const manifest::Manifest& manifest) {
  return state::pipeline_id(manifest.name, manifest.path, manifest.part_id());
}

CheckpointRule checkpoint_rule(const manifest::Checkpoint& asked) {
  if (!asked.every_ns && !asked.rows && !asked.bytes) return {};
  return {asked.every_ns.value_or(INT64_MAX), asked.rows.value_or(UINT64_MAX), asked.bytes.value_or(UINT64_MAX), true};
}

pipeline::Retrying retrying_of(const manifest::Retry& retry) {
  pipeline::Retrying retrying{retry.attempts, retry.first_ns, retry.max_ns};
  if (retry.given) retrying.patience_ns = std::numeric_limits<std::int64_t>::max();
  return retrying;
}

bool lets_schemas_change(const manifest::Node& drift) {
  const auto said = [&drift](const char* key) {
    const auto* const word = drift.kind == manifest::Kind::object ? drift.find(key) : nullptr;
    return word == nullptr ? std::string() : word->text;
  };
  const std::string columns = said("columns");
  return (!columns.empty() && columns != "freeze") || said("types") == "widen";
}

plugins::CallLimits call_limits(const manifest::Deadlines& deadlines) {
  static_assert(manifest::Deadlines::kNever == plugins::CallLimits::kNever);
  return {deadlines.call_ns, deadlines.cancel_ns, deadlines.stalled_ns, deadlines.exit_ns, !deadlines.call_given};
}

}  // namespace weir::run
