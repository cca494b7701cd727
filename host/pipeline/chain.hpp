// Chain: links that hang together as a tree. A batch that enters goes through all that are here before the call returns, and
// leaves by the ends, or towards links that are not here: those of which a run has one instance, behind the gather.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/links/transform.hpp"
#include "pipeline/stage.hpp"

namespace weir::pipeline {

// What gets the rows of each output of each link, and those of the source. Links are numbered so that a link stands behind
// the one that it gets its rows from. Constant.
struct Wiring {
  using Targets = std::vector<Target>;  // each gets every row
  Targets source;
  std::vector<std::vector<Targets>> links;  // [link][output]
  // Which columns are read behind; empty: all.
  Columns source_read;
  std::vector<std::vector<Columns>> links_read;  // [link][output]
};

using Exit = std::function<base::Result<void>(Target to, Batch batch)>;

// Threads: one caller at a time, but cancel().
class Chain {
 public:
  // `links` by number, null where one is not here. `wiring` is lent, as are `source`, the schema of what enters, and `busy_ns`, which
  // the time of each link's work is added to, by number.
  Chain(const Wiring& wiring, const ArrowSchema& source, std::vector<std::unique_ptr<TransformLink>> links,
        std::vector<std::atomic<std::int64_t>>& busy_ns);
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  // Sends a batch of the source on its way; what comes to a target that is not here goes to `exit`, in order.
  base::Result<void> enter(Batch batch, const Exit& exit);
  // Sends a batch on that left another chain for `to`.
  base::Result<void> go_on(Target to, Batch batch, const Exit& exit);
  // Each link in turn gives what it holds back; `why`: WEIR_FLUSH_...
  base::Result<void> flush(std::int32_t why, const Exit& exit);
  void cancel();  // [any]

  // By number; null where it is not here.
  const std::vector<std::unique_ptr<TransformLink>>& links() const { return links_; }

 private:
  base::Result<void> send(const Wiring::Targets& targets, Batch batch, const ArrowSchema& schema, const Columns& read);
  base::Result<void> pass(Target to, Batch batch);

  const Wiring& wiring_;
  const ArrowSchema& source_;
  std::vector<std::unique_ptr<TransformLink>> links_;
  std::vector<std::atomic<std::int64_t>>& busy_ns_;
  std::vector<Deliver> next_;   // what link i delivers to; made once, so a batch costs no allocation here
  const Exit* exit_ = nullptr;  // of the call in progress
};

}  // namespace weir::pipeline
