#include "run/worker.hpp"

#include <algorithm>
#include <thread>

#include "arrow/gather.hpp"
#include "run/side_inputs.hpp"

namespace weir::run {

std::vector<SplitOf> splits_of(const Plan& plan) {
  std::vector<SplitOf> splits;
  for (std::size_t source = 0; source < plan.sources.size(); ++source) {
    for (std::size_t i = 0; i < plan.sources[source]->splits().size(); ++i) splits.push_back({source, i});
  }
  return splits;
}

std::size_t workers_of(const Plan& plan) {
  std::uint64_t chains =
      plan.settings.chains != 0 ? plan.settings.chains : std::max(1U, std::thread::hardware_concurrency());
  const auto gathered = plan.gathered();
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    const std::uint64_t most = plan.links[i].traits.max_instances;
    if (most != 0 && !gathered[i]) chains = std::min(chains, most);
  }
  return static_cast<std::size_t>(chains);
}

bool is_ordered(const Plan& plan) {
  const auto gathered = plan.gathered();
  return std::find(gathered.begin(), gathered.end(), true) != gathered.end() ||
         std::any_of(plan.ends.begin(), plan.ends.end(),
                     [&plan](const PlannedEnd& end) { return plan.load(end.to).traits().ordered != 0; });
}

std::uint64_t held_bytes(const Plan& plan, const pipeline::PieceResult& result) {
  std::uint64_t bytes = 0;
  const void* text = nullptr;
  const void* rows = nullptr;
  for (const auto& [to, batch] : result.batches) {
    const bool end = to.kind == pipeline::Target::Kind::end;
    const ArrowSchema& schema = plan.schema(end ? plan.ends[to.number].from : plan.links[to.number].from);
    // Those that get the same rows stand one behind the other.
    if (&batch.rows.get() != rows) bytes += static_cast<std::uint64_t>(arrow::size_bytes(batch.rows.get(), schema));
    rows = &batch.rows.get();
    bytes += batch.origins.size() * sizeof(std::uint32_t);
    if (batch.selection) bytes += batch.selection->size() * sizeof(std::uint32_t);
    if (batch.from == nullptr || batch.from->text == nullptr || batch.from->text.get() == text) continue;
    text = batch.from->text.get();
    bytes += batch.from->text->size();
  }
  for (const auto& partial : result.partials) {
    for (const auto& item : partial.items) bytes += item.size();
  }
  for (const auto& reject : result.rejects) bytes += reject.row.size() + reject.record.size() + sizeof reject;
  return bytes;
}

namespace {

// Which links behind the gather the chains have instances of too: those that can be merged, get their rows from the chains,
// and where there are several, for one chain would sum up only to merge it.
std::vector<bool> partial_links(const Plan& plan, const std::vector<bool>& gathered) {
  std::vector<bool> partial(plan.links.size());
  if (workers_of(plan) == 1) return partial;
  for (std::size_t i = 0; i < partial.size(); ++i) {
    const auto& link = plan.links[i];
    const bool first = gathered[i] && !(link.from.link && gathered[*link.from.link]);
    partial[i] = first && link.traits.scope == WEIR_SCOPE_RUN && pipeline::partial_of(*link.component) != nullptr;
  }
  return partial;
}

}  // namespace

base::Result<std::unique_ptr<pipeline::Chain>> make_chain(const Plan& plan, const pipeline::Wiring& wiring,
                                                          std::vector<std::atomic<std::uint64_t>>& sequences,
                                                          SpentTime& spent, ChainPlace place,
                                                          const pipeline::TakeReject& take_reject) {
  const auto where = plan.gathered();
  const auto partial = partial_links(plan, where);
  std::vector<std::unique_ptr<pipeline::TransformLink>> links(plan.links.size());
  for (std::size_t i = 0; i < links.size(); ++i) {
    const bool in_part = partial[i] && !place.gathered;
    if (where[i] != place.gathered && !in_part) continue;
    const auto& planned = plan.links[i];
    const Port& from = planned.from;
    const pipeline::Columns& read = from.link ? wiring.links_read[*from.link][from.output] : wiring.source_read;
    WEIR_TRY_ASSIGN(links[i], pipeline::TransformLink::create(
                                  planned.component, plan.identity, plan.schema(from), &sequences[i], take_reject,
                                  {plan.settings.validate_full, place.instance, read, in_part, side_schemas(planned)}));
  }
  return std::make_unique<pipeline::Chain>(wiring, plan.schema({}), std::move(links), spent.links);
}

base::Result<void> feed_sides(const Plan& plan, const pipeline::Chain& tail, const std::vector<Worker>& workers) {
  std::vector<const pipeline::Chain*> chains{&tail};
  for (const auto& worker : workers) chains.push_back(worker.chain.get());
  return feed_sides(plan, chains);
}

base::Result<void> merge_partials(pipeline::Chain& tail, const std::vector<pipeline::Partial>& partials) {
  for (const auto& [link, items] : partials) WEIR_TRY(tail.links()[link]->merge(items));
  return {};
}

base::Result<void> restore_links(pipeline::Chain& tail,
                                 const std::map<std::string, std::vector<pipeline::StateItem>>& state) {
  for (const auto& link : tail.links()) {
    if (link == nullptr || !link->has_state()) continue;
    const auto kept = state.find(link->component().link);
    if (kept != state.end()) WEIR_TRY(link->restore(kept->second, true));
  }
  return {};
}

base::Result<std::map<std::string, std::vector<pipeline::StateChange>>> snapshot_links(pipeline::Chain& tail) {
  std::map<std::string, std::vector<pipeline::StateChange>> changes;
  for (const auto& link : tail.links()) {
    if (link == nullptr || !link->has_state()) continue;
    WEIR_TRY_ASSIGN(changes[link->component().link], link->snapshot());
  }
  return changes;
}

base::Error thrown_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.out_of_memory",
                            "expected enough memory for the run, found none left");
  } catch (const std::exception& exception) {
    return base::make_error(base::Status::internal, base::Fault::host, "run.exception",
                            std::string("expected no exception, found one that says: ") + exception.what());
  } catch (...) {
    return base::make_error(base::Status::internal, base::Fault::host, "run.exception",
                            "expected no exception, found one of an unknown type");
  }
}

void Worker::begin(pipeline::PieceNumber number, std::uint64_t reserved_bytes) {
  for (auto& intake : intakes) intake.account = {};
  for (const auto& link : chain->links()) {
    if (link != nullptr) link->take_account();
  }
  result = {number, reserved_bytes, {}, {}};
}

void Worker::count(std::size_t source) {
  result.extracted = std::exchange(intakes[source].account, {});
  for (const auto& link : chain->links())
    result.links.push_back(link == nullptr ? integrity::Account() : link->take_account());
}

base::Result<void> Worker::end_piece() {
  WEIR_TRY(chain->flush(WEIR_FLUSH_BARRIER, exit));
  return take_partials();
}

base::Result<void> Worker::take_partials() {
  for (std::size_t i = 0; i < chain->links().size(); ++i) {
    const auto& link = chain->links()[i];
    if (link == nullptr || !link->is_partial()) continue;
    WEIR_TRY_ASSIGN(auto items, link->take());
    if (!items.empty()) result.partials.push_back({i, std::move(items)});
  }
  return {};
}

base::Result<void> Worker::merge_partials(pipeline::Chain& tail) {
  WEIR_TRY(take_partials());
  return run::merge_partials(tail, result.partials);
}

Totals no_totals(const Plan& plan) {
  Totals totals;
  totals.sources.resize(plan.sources.size());
  totals.links.resize(plan.links.size());
  totals.ends.resize(plan.ends.size());
  totals.confirmed.resize(plan.ends.size());
  return totals;
}

integrity::Ledger ledger_of(const Plan& plan, const Totals& totals) {
  integrity::Ledger ledger;
  std::vector<std::size_t> extracts;
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    const auto& source = *plan.sources[i];
    if (!plan.entry(i)) extracts.push_back(i);
    ledger.lines.push_back(
        {source.link(), source.component(), integrity::Role::extract, true, totals.sources[i], {}, 0, -1});
  }
  // What enters in front of a target counts as what leaves by the port that it stands behind.
  const auto from = [&](const Port& port, pipeline::Target target) {
    std::vector<std::size_t> lines = port.link ? std::vector<std::size_t>{plan.sources.size() + *port.link} : extracts;
    for (std::size_t i = 0; i < plan.sources.size(); ++i) {
      if (plan.entry(i) != target) continue;
      auto& account = ledger.lines[i].account;
      account.by_output.assign(port.output + 1, 0);
      account.by_output[port.output] = account.rows_out;
      lines.push_back(i);
    }
    return lines;
  };
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    const auto& link = plan.links[i];
    const bool once = link.traits.rows == WEIR_ROWS_ONCE;
    ledger.lines.push_back({link.component->link, link.component->name, integrity::Role::transform, once,
                            totals.links[i], from(link.from, {pipeline::Target::Kind::link, i}), link.from.output, -1});
  }
  for (std::size_t i = 0; i < plan.ends.size(); ++i) {
    const auto& end = plan.ends[i];
    const auto& load = plan.load(end.to);
    ledger.lines.push_back({load.link(end.to.input), load.component(), integrity::Role::load, true, totals.ends[i],
                            from(end.from, {pipeline::Target::Kind::end, i}), end.from.output, totals.confirmed[i]});
  }
  return ledger;
}

}  // namespace weir::run
