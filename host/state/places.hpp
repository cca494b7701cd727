// Places: every key and file of the state store, named in this one unit.
//
//   <state>/state.db               the store
//   <state>/locks/<pipeline>.lock  held while a pipeline runs
//   key run/<pipeline>             the pipeline's last run (recovery::RunRecord, JSON)
//   key checkpoint/<pipeline>/<lane>/<epoch>   a checkpoint (recovery::Checkpoint, JSON)
//   key delta/<pipeline>/<lane>/<epoch>/<item> what the epoch changed of the lane's items: "=" and the value, or "-"
//   key item/<pipeline>/<lane>/<item>          an item, as of the epoch before the oldest checkpoint
//
// An epoch has twenty digits, so that keys are in the order of epochs; an item is two hexadecimal texts (recovery::Item).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "state/store.hpp"

namespace weir::state {

// Finds the state folder: $XDG_STATE_HOME/weir, else $HOME/.local/state/weir, else `.weir` beside the manifest.
std::filesystem::path state_folder(const std::filesystem::path& manifest_folder);

// Names a pipeline: a hash of its name and the real path of its manifest, 32 hexadecimal digits.
std::string pipeline_id(std::string_view name, const std::filesystem::path& manifest);

std::string run_key(std::string_view pipeline);
// Of all of a lane's checkpoints, or of one.
std::string checkpoint_prefix(std::string_view pipeline, std::string_view lane);
std::string checkpoint_key(std::string_view pipeline, std::string_view lane, std::uint64_t epoch);
std::string delta_prefix(std::string_view pipeline, std::string_view lane, std::uint64_t epoch);
std::string item_prefix(std::string_view pipeline, std::string_view lane);

// Makes the state folder (mode 0700) and opens the store in it.
base::Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& folder);

// Holds a pipeline for this process; freed with the object, also by the death of the process. Move only.
class PipelineLock {
 public:
  // Takes the lock, or says who holds it.
  static base::Result<PipelineLock> take(const std::filesystem::path& folder, std::string_view pipeline,
                                         std::string_view name);
  PipelineLock(PipelineLock&& other) noexcept;
  PipelineLock& operator=(PipelineLock&& other) noexcept;
  PipelineLock(const PipelineLock&) = delete;
  PipelineLock& operator=(const PipelineLock&) = delete;
  ~PipelineLock();

 private:
  explicit PipelineLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace weir::state
