#include "run/column_use.hpp"

#include <algorithm>

#include "run/plan.hpp"

namespace weir::run {
namespace {

using arrow::Columns;

Columns all_columns(const ArrowSchema& rows, bool read) {
  return Columns(static_cast<std::size_t>(rows.n_children), read);
}

Columns& at(ColumnUse& use, const Port& port) { return port.link ? use.links[*port.link][port.output] : use.source; }

void add_columns(Columns& to, const Columns& more) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to[i] || more[i];
}

// What a link needs of its input, if this is read of its outputs.
Columns needed(const PlannedLink& link, const ArrowSchema& input, const std::vector<Columns>& outputs) {
  if (!link.columns.told) return all_columns(input, true);
  Columns needed = link.columns.reads;
  for (std::size_t output = 0; output < outputs.size(); ++output) {
    const auto& from = link.columns.outputs[output].from;
    for (std::size_t column = 0; column < from.size(); ++column) {
      if (!outputs[output][column]) continue;
      for (const std::size_t source : from[column]) needed[source] = true;
    }
  }
  return needed;
}

// Those that the only link behind the sources tells; a constant crosses once, so they are taken.
std::vector<pipeline::Condition> take_conditions(Plan& plan) {
  PlannedLink* first = nullptr;
  std::size_t behind = 0;
  for (auto& link : plan.links) {
    if (link.from.link) continue;
    first = &link;
    ++behind;
  }
  for (const auto& end : plan.ends) behind += end.from.link ? 0U : 1U;
  if (behind != 1 || first == nullptr) return {};
  return std::exchange(first->columns.conditions, {});
}

}  // namespace

ColumnUse column_use(const Plan& plan) {
  ColumnUse use;
  use.source = all_columns(plan.schema({}), false);
  for (const auto& link : plan.links) {
    auto& outputs = use.links.emplace_back();
    for (const auto& output : link.outputs) outputs.push_back(all_columns(output.get(), false));
  }
  for (const auto& end : plan.ends) at(use, end.from) = all_columns(plan.schema(end.from), true);
  for (std::size_t i = plan.links.size(); i-- > 0;) {
    const PlannedLink& link = plan.links[i];
    const ArrowSchema& input = plan.schema(link.from);
    add_columns(at(use, link.from), plan.reject ? all_columns(input, true) : needed(link, input, use.links[i]));
  }
  return use;
}

void leave_out_unread(Plan& plan) {
  plan.use = column_use(plan);
  // Whoever keeps rejects wants each row judged, those too that a condition would pass over.
  auto conditions = plan.reject ? std::vector<pipeline::Condition>{} : take_conditions(plan);
  const auto narrowing = pipeline::Narrowing::make(plan.schema({}), plan.use->source, std::move(conditions));
  if (narrowing == nullptr) return;
  for (const auto& source : plan.sources) source->narrow(narrowing);
}

}  // namespace weir::run
