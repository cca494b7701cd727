#include "pipeline/chain.hpp"

namespace weir::pipeline {

Chain::Chain(std::vector<std::unique_ptr<TransformLink>> links) : links_(std::move(links)) {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    next_.emplace_back([this, i](Batch batch) { return from(i + 1, std::move(batch)); });
  }
}

base::Result<void> Chain::from(std::size_t link, Batch batch) {
  if (batch.live() == 0) return {};
  if (link == links_.size()) return (*end_)(std::move(batch));
  return links_[link]->process(std::move(batch), next_[link]);
}

base::Result<void> Chain::process(Batch batch, const Deliver& end) {
  end_ = &end;
  return from(0, std::move(batch));
}

base::Result<void> Chain::flush(const Deliver& end) {
  end_ = &end;
  for (std::size_t i = 0; i < links_.size(); ++i) WEIR_TRY(links_[i]->flush_end(next_[i]));
  return {};
}

void Chain::cancel() {
  for (auto& link : links_) link->cancel();
}

}  // namespace weir::pipeline
