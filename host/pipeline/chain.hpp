// Chain: links one behind the other; a batch that enters goes through all of them before the call returns.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/links/transform.hpp"

namespace weir::pipeline {

// Threads: one caller at a time, but cancel().
class Chain {
 public:
  explicit Chain(std::vector<std::unique_ptr<TransformLink>> links);

  // Sends a batch through all links; what gets through goes to `end`, in order.
  base::Result<void> process(Batch batch, const Deliver& end);
  // Ends the input: each link in turn gives what it held back.
  base::Result<void> flush(const Deliver& end);
  void cancel();  // [any]

  const std::vector<std::unique_ptr<TransformLink>>& links() const { return links_; }

 private:
  base::Result<void> from(std::size_t link, Batch batch);

  std::vector<std::unique_ptr<TransformLink>> links_;
  std::vector<Deliver> next_;     // what link i delivers to; made once, so a batch costs no allocation here
  const Deliver* end_ = nullptr;  // of the call in progress
};

}  // namespace weir::pipeline
