#include "pipeline/component.hpp"

#include <algorithm>

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

base::Result<bool> Component::ended(std::int32_t outcome) const {
  if (outcome == WEIR_READ_END) return true;
  if (outcome == WEIR_READ_MORE || outcome == WEIR_READ_IDLE) return false;
  return base::unexpected(
      plugins::misbehaviour({plugin, link, "read"}, "plugin.misbehaviour",
                            "expected more, idle or the end, found outcome " + std::to_string(outcome)));
}

base::Error Component::located(plugins::PluginError failed) const {
  if (!failed.option.empty() && place) {
    const auto length = static_cast<std::size_t>(std::max<std::int64_t>(failed.length, 1));
    failed.error.place = place(failed.option, {failed.offset, length});
    const std::string prefix = name + ": ";
    if (!failed.error.message.starts_with(prefix)) failed.error.message.insert(0, prefix);
  }
  failed.error.link = link;
  return std::move(failed.error);
}

}  // namespace weir::pipeline
