#include "run/worker.hpp"

#include <algorithm>
#include <thread>

#include "arrow/gather.hpp"

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
  for (const auto& reject : result.rejects) bytes += reject.row.size() + reject.record.size() + sizeof reject;
  return bytes;
}

integrity::Ledger ledger_of(const Plan& plan, const std::vector<Worker>& workers, const pipeline::Chain& tail,
                            const Writers& writers) {
  integrity::Ledger ledger;
  std::vector<std::size_t> extracts;
  for (std::size_t i = 0; i < plan.sources.size(); ++i) {
    const auto& source = *plan.sources[i];
    integrity::Line line{source.link(), source.component(), integrity::Role::extract, true, {}, {}, 0, -1};
    for (const auto& worker : workers) line.account.merge(worker.intakes[i].account);
    line.account.bytes = source.bytes_read();
    extracts.push_back(i);
    ledger.lines.push_back(std::move(line));
  }
  const auto from = [&extracts](const Port& port) {
    return port.link ? std::vector<std::size_t>{extracts.size() + *port.link} : extracts;
  };
  for (std::size_t i = 0; i < plan.links.size(); ++i) {
    const auto& link = plan.links[i];
    const bool once = link.traits.rows == WEIR_ROWS_ONCE;
    integrity::Line line{link.component->link,
                         link.component->name,
                         integrity::Role::transform,
                         once,
                         {},
                         from(link.from),
                         link.from.output,
                         -1};
    for (const auto& worker : workers) {
      if (worker.chain->links()[i] != nullptr) line.account.merge(worker.chain->links()[i]->account());
    }
    if (tail.links()[i] != nullptr) line.account.merge(tail.links()[i]->account());
    ledger.lines.push_back(std::move(line));
  }
  for (std::size_t i = 0; i < plan.ends.size(); ++i) {
    const auto& end = plan.ends[i];
    const auto& load = plan.load(end.to);
    ledger.lines.push_back({load.link(end.to.input), load.component(), integrity::Role::load, true, writers.account(i),
                            from(end.from), end.from.output, writers.confirmed_rows(i)});
  }
  return ledger;
}

}  // namespace weir::run
