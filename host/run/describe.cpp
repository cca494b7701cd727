#include "run/describe.hpp"

#include <map>
#include <set>

#include <weir/ext/found.h>

#include "run/worker.hpp"

namespace weir::run {
namespace {

constexpr std::size_t kFirstSplits = 3;

std::string version_of(const Plan& plan, const std::string& plugin) {
  for (const auto& [name, version] : plan.plugin_versions) {
    if (name == plugin) return version;
  }
  return {};
}

PlanSplits source_splits(const pipeline::Source& source) {
  PlanSplits told;
  told.link = source.link();
  for (const auto& split : source.splits()) {
    ++told.count;
    if (split.bytes >= 0) told.bytes = std::max<std::int64_t>(told.bytes, 0) + split.bytes;
    if (split.rows >= 0) told.rows = std::max<std::int64_t>(told.rows, 0) + split.rows;
    if (told.first.size() < kFirstSplits) told.first.push_back(split.name);
  }
  return told;
}

void add_unread(const Plan& plan, const pipeline::Source& source, PlanPart& part) {
  const ArrowSchema& rows = source.schemas().front().get();
  const auto* const narrowing = source.narrowing();
  for (std::size_t i = 0; plan.use && i < plan.use->source.size(); ++i) {
    const bool parsed = narrowing == nullptr || !narrowing->leaves_out(i);
    if (plan.use->source[i] || (narrowing != nullptr && parsed)) continue;
    part.unread.emplace_back(rows.children[i]->name);
    part.parsed = parsed;
  }
}

PlanPart end_part(const Plan& plan, const char* role, const LoadInput& to, const ArrowSchema& input) {
  const auto& load = plan.load(to);
  PlanPart part;
  part.role = role;
  part.link = load.link(to.input);
  part.component = load.component();
  part.shown = load.shown(to.input);
  part.outputs.push_back(weir::Schema::copy_of(input));
  part.once = true;
  return part;
}

void come_from(const Plan& plan, const Port& from, PlanPart& part) {
  if (from.link) part.from = plan.links[*from.link].component->link;
  part.output = from.output;
}

}  // namespace

base::Result<PlanReport> describe(const Plan& plan) {
  PlanReport report;
  report.chains = workers_of(plan);
  report.budget_bytes = plan.settings.budget_bytes;
  report.lineage = lineage(plan);
  for (const auto& source : plan.sources) {
    PlanPart part;
    part.role = "extract";
    part.link = source->link();
    part.component = source->component();
    part.plugin = source->plugin();
    part.found = weir::metadata_value(source->schemas().front().get(), WEIR_FOUND);
    add_unread(plan, *source, part);
    part.version = version_of(plan, part.plugin);
    part.outputs.push_back(weir::Schema::copy_of(source->schemas().front().get()));
    report.parts.push_back(std::move(part));
    report.splits.push_back(source_splits(*source));
  }
  const auto gathered = plan.gathered();
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    const auto& link = plan.links[i];
    const auto& component = *link.component;
    PlanPart part;
    part.role = "transform";
    part.link = component.link;
    part.component = component.name;
    part.plugin = component.plugin;
    part.version = version_of(plan, component.plugin);
    part.once = gathered[i];
    come_from(plan, link.from, part);
    for (const auto& output : link.outputs) part.outputs.push_back(weir::Schema::copy_of(output.get()));
    report.parts.push_back(std::move(part));
  }
  std::map<std::size_t, std::set<std::string>> statements;  // by load: what one input does, another need not
  for (const auto& end : plan.ends) {
    PlanPart part = end_part(plan, "load", end.to, plan.schema(end.from));
    come_from(plan, end.from, part);
    WEIR_TRY_ASSIGN(part.ddl, plan.load(end.to).ddl(end.to.input, plan.schema(end.from), plan.identity));
    std::erase_if(part.ddl, [&](const std::string& one) { return !statements[end.to.load].insert(one).second; });
    report.parts.push_back(std::move(part));
  }
  if (plan.reject) {
    const weir::Schema rejects = reject_schema();
    report.parts.push_back(end_part(plan, "reject", *plan.reject, rejects.get()));
  }
  return report;
}

}  // namespace weir::run
