#include "run/tally.hpp"

#include <algorithm>

namespace weir::run {
namespace {

constexpr std::size_t kMostTold = 64;               // kinds of rejects
constexpr std::int64_t kTellEveryNs = 250'000'000;  // of progress

}  // namespace

Tally::Tally(const Plan& plan, const std::vector<SplitOf>& splits, const Standing& from)
    : plan_(plan),
      splits_(splits),
      totals_(from.totals.sources.empty() ? no_totals(plan) : from.totals),
      positions_(from.open),
      reached_(from.reached) {
  for (const std::size_t split : from.finished) positions_.erase(split);
}

// What was read ahead of the last delivery is not counted: after a kill it is read again.
void Tally::add(pipeline::PieceResult& result) {
  totals_.sources[splits_[result.number.split].source].merge(result.extracted);
  count_bytes(result.number.split, result.reached);
  for (std::size_t i = 0; i < result.links.size(); ++i) totals_.links[i].merge(result.links[i]);
  rows_ += result.extracted.rows_out + result.extracted.rejected.total();
  bytes_ += result.reserved_bytes;
  if (result.position) positions_[result.number.split] = std::move(*result.position);
}

void Tally::count_bytes(std::size_t split, std::uint64_t up_to) {
  std::uint64_t& reached = reached_[split];
  totals_.sources[splits_[split].source].bytes += std::max(reached, up_to) - reached;
  reached = std::max(reached, up_to);
}

void Tally::add_links(Worker& worker) {
  for (std::size_t i = 0; i < totals_.links.size(); ++i) {
    const auto& link = worker.chain->links()[i];
    if (link != nullptr) totals_.links[i].merge(link->take_account());
  }
}

bool Tally::is_due(std::int64_t now_ns) {
  if (rows_ == 0) return false;
  if (began_ns_ == 0) began_ns_ = now_ns;
  const CheckpointRule& rule = plan_.settings.checkpoint;
  return rows_ >= rule.rows || bytes_ >= rule.bytes || now_ns - began_ns_ >= rule.every_ns;
}

std::optional<std::int64_t> Tally::due_ns() const {
  const std::int64_t every = plan_.settings.checkpoint.every_ns;
  if (rows_ == 0 || began_ns_ == 0 || every > INT64_MAX - began_ns_) return std::nullopt;
  return began_ns_ + every;
}

void Tally::cut(Cut& cut, const pipeline::Chain& tail, const Writers& writers, std::int64_t now_ns) {
  for (const std::size_t split : cut.finished) {
    if (!acknowledges(split)) positions_.erase(split);
    reached_.erase(split);
  }
  cut.open = positions_;
  cut.reached = reached_;
  for (const std::size_t split : cut.finished) positions_.erase(split);
  for (std::size_t i = 0; i < plan_.ends.size(); ++i) {
    const std::int64_t confirmed = writers.confirmed_rows(i);
    std::int64_t& all = totals_.confirmed[i];
    all = confirmed < 0 || all < 0 ? -1 : all + confirmed;
  }
  cut.totals = totals(tail, writers);
  rows_ = bytes_ = 0;
  began_ns_ = now_ns;
}

Totals Tally::totals(const pipeline::Chain& tail, const Writers& writers) const {
  Totals totals = totals_;
  for (std::size_t i = 0; i < plan_.links.size(); ++i) {
    if (tail.links()[i] != nullptr) totals.links[i].merge(tail.links()[i]->account());
  }
  for (std::size_t i = 0; i < plan_.ends.size(); ++i) totals.ends[i].merge(writers.account(i));
  return totals;
}

// A plugin that words every reason anew is heard a while.
void Teller::reject(const pipeline::Reject& reject) {
  if (!plan_.tell || told_.size() == kMostTold) return;
  if (!told_.emplace(reject.link, reject.reason).second) return;
  const std::string reason = plan_.redactor == nullptr ? reject.reason : plan_.redactor->redact(reject.reason);
  plan_.tell(events::RowRejected{reject.link, reason, reject.place.file, reject.place.line});
}

void Teller::progress(std::uint64_t extracted, std::uint64_t loaded, std::int64_t now_ns) {
  if (!plan_.tell || now_ns - progress_ns_ < kTellEveryNs) return;
  progress_ns_ = now_ns;
  plan_.tell(events::RowsMoved{extracted, loaded, plan_.bytes_read()});
}

}  // namespace weir::run
