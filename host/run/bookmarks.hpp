// Bookmarks: what the plan of an extract leaves for the plan of the pipeline's next run, so that it reads only what is new. It is
// stored with the run's first epoch, and stands from the step on in which the run becomes complete: a run that is killed is gone on
// with from the same bookmark that it began with.
#pragma once

#include <optional>
#include <string>

#include "recovery/checkpoint.hpp"
#include "run/plan.hpp"
#include "state/store.hpp"

namespace weir::run {

// What a source that is planned leaves; none: it reads all each time.
std::optional<std::string> left_by(const pipeline::Source& source);
// Whether an extract of a plan that is settled remembers something.
bool leaves_bookmarks(const Plan& plan);

// Of one pipeline. Threads: one caller at a time.
class Bookmarks {
 public:
  // `store` is lent.
  Bookmarks(state::Store& store, std::string pipeline) : store_(store), pipeline_(std::move(pipeline)) {}

  // Before the plan is settled: tells its extracts what their last plans left. Gives whether there was something.
  base::Result<bool> give(const Plan& plan) const;

  // What follows is noted, and done in one step with the next change of `checkpoints`.
  // Of a run that is begun, or gone on with from the inputs it was begun with: what its plan leaves waits for its end.
  base::Result<void> wait(recovery::Checkpoints& checkpoints, const Plan& plan) const;
  // The run is about to be marked complete: what waits stands, and nothing else does.
  base::Result<void> stand(recovery::Checkpoints& checkpoints) const;
  // The next run begins as if there had been none.
  base::Result<void> forget(recovery::Checkpoints& checkpoints) const;

 private:
  state::Store& store_;
  std::string pipeline_;
};

}  // namespace weir::run
