#include "pipeline/chain.hpp"

namespace weir::pipeline {

Chain::Chain(const Wiring& wiring, const ArrowSchema& source, std::vector<std::unique_ptr<TransformLink>> links,
             std::vector<std::atomic<std::int64_t>>& busy_ns)
    : wiring_(wiring), source_(source), links_(std::move(links)), busy_ns_(busy_ns) {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    next_.emplace_back([this, i](Batch batch) {
      const std::uint64_t output = batch.output;
      return send(wiring_.links[i][output], std::move(batch), links_[i]->outputs()[output].get(),
                  wiring_.links_read[i][output]);
    });
  }
}

// Several get the same rows: gathered once, if only some of them live, and shared.
base::Result<void> Chain::send(const Wiring::Targets& targets, Batch batch, const ArrowSchema& schema,
                               const Columns& read) {
  if (batch.live() == 0) return {};
  if (targets.size() > 1) WEIR_TRY(materialize(batch, schema, read));
  for (std::size_t i = 0; i + 1 < targets.size(); ++i) WEIR_TRY(pass(targets[i], batch));
  return pass(targets.back(), std::move(batch));
}

base::Result<void> Chain::pass(Target to, Batch batch) {
  const bool here = to.kind == Target::Kind::link && links_[to.number] != nullptr;
  if (!here) return (*exit_)(to, std::move(batch));
  const Stage stage(busy_ns_[to.number]);
  return links_[to.number]->process(std::move(batch), next_[to.number]);
}

base::Result<void> Chain::enter(Batch batch, const Exit& exit) {
  exit_ = &exit;
  return send(wiring_.source, std::move(batch), source_, wiring_.source_read);
}

base::Result<void> Chain::go_on(Target to, Batch batch, const Exit& exit) {
  exit_ = &exit;
  return pass(to, std::move(batch));
}

base::Result<void> Chain::flush(std::int32_t why, const Exit& exit) {
  exit_ = &exit;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i] == nullptr) continue;
    const Stage stage(busy_ns_[i]);
    WEIR_TRY(links_[i]->flush(why, next_[i]));
  }
  return {};
}

void Chain::cancel() {
  for (auto& link : links_) {
    if (link != nullptr) link->cancel();
  }
}

}  // namespace weir::pipeline
