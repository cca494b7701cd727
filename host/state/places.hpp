// Places: every key and file of the state store, named in this one unit.
//
//   <state>/state.db               the store
//   <state>/state.db.before-<time>   a backup of what was there when another was restored; state.db.damaged-<time>, if it was damaged
//   <state>/locks/<pipeline>.lock  held while a pipeline runs (PipelineLock)
//   key kept/<pipeline>/<run>      what a run came to (recovery::KeptRun, JSON)
//   <state>/replay/<run>/          the rejects of a run, while they are run again
//   key object/<pipeline>/<run>/<link>/<name>  an object that the run has written (integrity::WrittenObject, JSON)
//   key streams/<pipeline>         the names of the streams that its runs have found (a JSON list)
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
#include <system_error>

#include "base/result.hpp"
#include "state/store.hpp"

namespace weir::state {

// Finds the state folder: $XDG_STATE_HOME/weir, else $HOME/.local/state/weir, else `.weir` beside the manifest.
std::filesystem::path state_folder(const std::filesystem::path& manifest_folder);

// Names a pipeline, or one of its streams: a hash of its name and the real path of its manifest, 32 hexadecimal digits.
std::string pipeline_id(std::string_view name, const std::filesystem::path& manifest, std::string_view stream = {});

// Names, in the place of a pipeline, what replays the rejects of one of its runs: it has a record and checkpoints of its own.
std::string replay_id(std::string_view pipeline, std::string_view run);
// Of the checkpoints of all replays of a pipeline; the run of one of those keys.
std::string replay_checkpoints(std::string_view pipeline);
std::string replayed_run(std::string_view key);

std::filesystem::path replay_folder(const std::filesystem::path& folder, std::string_view run);
std::filesystem::path lock_file(const std::filesystem::path& folder, std::string_view pipeline);

std::string run_key(std::string_view pipeline);
std::string streams_key(std::string_view pipeline);
// Of what all runs of all pipelines came to, of one pipeline's, or of one run.
std::string kept_prefix();
std::string kept_prefix(std::string_view pipeline);
std::string kept_key(std::string_view pipeline, std::string_view run);
// Of all objects that a run has written, or that one of its loads has, or of one.
std::string object_prefix(std::string_view pipeline, std::string_view run);
std::string object_prefix(std::string_view pipeline, std::string_view run, std::string_view link);
std::string object_key(std::string_view pipeline, std::string_view run, std::string_view link, std::string_view name);
// Of all of a lane's checkpoints, or of one.
std::string checkpoint_prefix(std::string_view pipeline, std::string_view lane);
std::string checkpoint_key(std::string_view pipeline, std::string_view lane, std::uint64_t epoch);
std::string delta_prefix(std::string_view pipeline, std::string_view lane, std::uint64_t epoch);
std::string item_prefix(std::string_view pipeline, std::string_view lane);

std::filesystem::path store_file(const std::filesystem::path& folder);

// Makes the state folder (mode 0700), and those above it, durably.
base::Result<void> make_state_folder(const std::filesystem::path& folder);
// Makes what a folder's entries are durable. Errors: `problem`.
void sync_folder(const std::filesystem::path& folder, std::error_code& problem);

// Makes the state folder (mode 0700) and opens the store in it.
base::Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& folder);
// Opens the store of a state folder that is there; null: there is none.
base::Result<std::unique_ptr<Store>> open_store_if_there(const std::filesystem::path& folder);

// The error of a file of the state folder that can't be used.
base::Error unusable(const std::filesystem::path& path, const std::string& found);

}  // namespace weir::state
