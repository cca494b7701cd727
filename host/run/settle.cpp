#include <weir/arrow.hpp>

#include "run/plan.hpp"

namespace weir::run {

weir::Schema reject_schema() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("u", "row", true, {{std::string(weir::kExtensionKey), "arrow.json"}}));
  for (const char* name : {"reason", "column", "detail", "link", "stream", "file"}) {
    fields.push_back(weir::Schema::field("u", name));
  }
  fields.push_back(weir::Schema::field("l", "line"));
  fields.push_back(weir::Schema::field("u", "record"));
  return weir::Schema::rows(std::move(fields));
}

// Makes one instance of each link to learn what it gives; it is destroyed at once, for the chains make their own.
base::Result<void> settle(Plan& plan) {
  WEIR_TRY(plan.source->plan());
  const ArrowSchema* flowing = &plan.source->schemas().front().get();
  std::atomic<std::uint64_t> sequence{0};
  plan.parallel_links = plan.links.size();
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    PlannedLink& link = plan.links[i];
    WEIR_TRY_ASSIGN(link.traits, pipeline::transformer_traits(*link.component));
    WEIR_TRY_ASSIGN(const auto instance,
                    pipeline::TransformLink::create(link.component, plan.identity, *flowing, &sequence, nullptr));
    link.output = weir::Schema::copy_of(instance->output());
    flowing = &link.output.get();
    const bool alone = link.traits.scope == WEIR_SCOPE_RUN || link.traits.ordered != 0;
    if (alone && plan.parallel_links == plan.links.size()) plan.parallel_links = i;
  }
  return {};
}

}  // namespace weir::run
