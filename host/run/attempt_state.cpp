// What an attempt remembers the pipeline's runs by.
#include "run/attempt.hpp"
#include "run/open_state.hpp"
#include "state/places.hpp"

namespace weir::run {

base::Result<std::unique_ptr<state::Store>> Attempt::open_state_as(
    base::Result<std::unique_ptr<state::Store>> (*open)(const Assembly& parts)) {
  WEIR_TRY(find_parts());
  auto given = services();
  given.cancelled = nullptr;  // what has happened is kept, also of a run that was told to stop
  pipeline::RunIdentity identity;
  identity.run = recovery::new_run_id();
  return open({draft_, *parts_.registry, *parts_.libraries, given, *watch_.redactor, identity});
}

base::Result<std::unique_ptr<state::Store>> Attempt::look_into_state() { return open_state_as(open_state_if_there); }

// Takes the pipeline for this process; of a stream it was taken for all of them.
base::Result<void> Attempt::take_pipeline() {
  state_folder_ = state::state_folder(draft_.manifest.folder);
  store_ = parts_.store;
  if (store_ != nullptr) return {};
  WEIR_TRY(state::make_state_folder(state_folder_));  // the lock is there, wherever the state is
  WEIR_TRY_ASSIGN(own_store_, open_state_as(open_state));
  store_ = own_store_.get();
  const auto& manifest = draft_.manifest;
  WEIR_TRY_ASSIGN(
      lock_, state::PipelineLock::take(state_folder_, state::pipeline_id(manifest.name, manifest.path), manifest.name));
  if (const auto& dead = lock_->left_by(); dead && watch_.log != nullptr) {
    watch_.log->info("run.stale_lock", "process " + std::to_string(dead->process) + " on host '" + dead->host +
                                           "' died with the pipeline, which it held since " + dead->since);
  }
  return {};
}

}  // namespace weir::run
