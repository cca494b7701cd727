#include "run/lineage.hpp"

#include <algorithm>

#include "run/plan.hpp"

namespace weir::run {
namespace {

using arrow::Columns;

std::size_t count_of(const ArrowSchema& rows) { return static_cast<std::size_t>(rows.n_children); }

// Goes from a load to the extracts, with the columns that the one in question is made from so far.
class Tracing {
 public:
  explicit Tracing(const Plan& plan) : plan_(plan) {}

  ColumnLineage trace(Port port, std::size_t column) {
    const ArrowSchema& last = plan_.schema(port);
    ColumnLineage found;
    found.column = last.children[column]->name;
    columns_.assign(count_of(last), false);
    columns_[column] = true;
    for (; port.link; port = plan_.links[*port.link].from) pass(plan_.links[*port.link], port.output, found);
    const ArrowSchema& first = plan_.schema({});
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i]) found.from.emplace_back(first.children[i]->name);
    }
    for (auto* links : {&found.made_by, &found.perhaps_by, &found.untold_by})
      std::reverse(links->begin(), links->end());
    return found;
  }

 private:
  void pass(const PlannedLink& link, std::uint64_t output, ColumnLineage& found) {
    const std::size_t inputs = count_of(plan_.schema(link.from));
    const std::string& name = link.component->link;
    if (!link.columns.told) {
      found.made_by.push_back(name);
      found.untold_by.push_back(name);
      columns_.assign(inputs, true);
      return;
    }
    const auto& told = link.columns.outputs[output];
    Columns before(inputs, false);
    bool made = false, perhaps = false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i]) continue;
      for (const std::size_t source : told.from[i]) before[source] = true;
      made = made || told.made[i];
      perhaps = perhaps || told.perhaps[i];
    }
    if (made)
      found.made_by.push_back(name);
    else if (perhaps)
      found.perhaps_by.push_back(name);
    columns_ = std::move(before);
  }

  const Plan& plan_;
  Columns columns_;  // of the port that it has come to
};

}  // namespace

std::vector<LoadLineage> lineage(const Plan& plan) {
  std::vector<LoadLineage> loads;
  for (const auto& end : plan.ends) {
    const auto& load = plan.load(end.to);
    auto& told = loads.emplace_back(LoadLineage{load.link(end.to.input), load.shown(end.to.input), {}});
    for (std::size_t i = 0; i < count_of(plan.schema(end.from)); ++i)
      told.columns.push_back(Tracing(plan).trace(end.from, i));
  }
  return loads;
}

}  // namespace weir::run
