// What an attempt knows of what the pipeline's earlier runs have read.
#include "run/attempt.hpp"
#include "run/kept_loads.hpp"
#include "run/manifest_settings.hpp"

namespace weir::run {

// Extracts of a run with --fresh read all. `weir plan` looks into the store without taking the pipeline.
base::Result<void> Attempt::give_bookmarks() {
  if (!keeps()) return {};
  std::unique_ptr<state::Store> looked_into;
  const state::Store* const taken = store_;
  if (taken == nullptr) {
    WEIR_TRY_ASSIGN(looked_into, look_into_state());
  }
  if (taken == nullptr && looked_into == nullptr) return {};
  const Bookmarks bookmarks(taken != nullptr ? *store_ : *looked_into, pipeline_id());
  if (taken != nullptr) bookmarks_.emplace(bookmarks);
  if (options_.fresh) return {};
  WEIR_TRY_ASSIGN(has_bookmark_, bookmarks.give(*plan_));
  return {};
}

// Of an extract that remembers what it has read, what it leaves tells whether there is something new.
std::string Attempt::fingerprint() const {
  std::string text = manifest_digest();
  const auto add = [&text](const std::vector<pipeline::InputVersion>& inputs) {
    for (const auto& input : inputs) text += "\n" + input.name + " " + input.version;
  };
  for (const auto& source : plan_->sources) {
    if (const auto left = left_by(*source))
      text += "\n" + source->link() + " leaves " + digest_of(*left);
    else
      add(source->inputs());
  }
  add(plan_->side_inputs());
  return digest_of(text);
}

// Of a run that was at its end but for being marked so: whether another needn't be begun behind it. This one's plan was made
// with the bookmark before: the next start makes one with the run's.
bool Attempt::is_done() const { return leaves_bookmarks(*plan_) || record_.fingerprint == fingerprint(); }

}  // namespace weir::run
