#include "pipeline/component.hpp"

namespace weir::pipeline {

plugins::ContextParts Component::context_parts(const RunIdentity& run, std::uint64_t instance) const {
  plugins::ContextParts parts;
  parts.host = host->get();
  parts.config = config->get();
  parts.run = run.run;
  parts.link = link;
  parts.lane = run.lane;
  parts.instance = instance;
  parts.fence = run.fence;
  parts.epoch = run.epoch;
  return parts;
}

base::Result<void> check_outcome(const Component& component, std::int32_t outcome) {
  if (outcome == WEIR_READ_MORE || outcome == WEIR_READ_IDLE || outcome == WEIR_READ_END) return {};
  if (outcome != WEIR_READ_SCHEMA) {
    return base::unexpected(plugins::misbehaviour({component.plugin, component.link, "read"}, "plugin.misbehaviour",
                                                  "expected more, idle, end or schema as outcome, found " +
                                                      std::to_string(outcome)));
  }
  return base::unexpected(base::make_error(base::Status::failed_precondition, base::Fault::source, "source.schema",
                                           component.name + ": expected one schema in the whole run, found that it "
                                                            "changes while it is read")
                              .with_hint("run again: the next run begins with the new schema")
                              .with_link(component.link));
}

base::Error Component::located(plugins::PluginError failed) const {
  if (!failed.option.empty() && place) {
    failed.error.place = place(failed.option, failed.offset);
    const std::string prefix = name + ": ";
    if (!failed.error.message.starts_with(prefix)) failed.error.message.insert(0, prefix);
  }
  failed.error.link = link;
  return std::move(failed.error);
}

}  // namespace weir::pipeline
