// Backups of the store: one file, which says of itself when it was made, by which schema, and what it holds by its digest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "state/store.hpp"

namespace weir::state {

// What a backup says of itself.
struct Backup {
  std::int64_t made_ns = 0;  // nanoseconds since 1970
  std::int64_t schema = 0;   // of the store, as sqlite_schema.hpp counts
  std::uint64_t entries = 0;
  std::string digest;  // SHA-256 of all that it holds; hexadecimal
};

// Writes what the store of a state folder holds at one moment to `file`, which must not be there yet; runs go on meanwhile. Errors:
// state.backup, state.newer, state.unusable; nothing is left under the file's name then. Threads: [any].
base::Result<Backup> back_up(const std::filesystem::path& folder, const std::filesystem::path& file,
                             const Clock& clock = observe::now_ns);

struct Restored {
  Backup backup;
  std::filesystem::path
      kept;  // what was there before: a backup, or the files of a store that was damaged; empty: nothing
};

// Puts what a backup holds in the place of what the store of a state folder does, in one step; what was there is kept in a file beside
// it. Versions go on from the highest that there was, so that who had read something before changes nothing any more. `name_of` tells
// a pipeline's name by its id, for an error. Errors, with nothing changed: run.locked while one of the folder's pipelines runs;
// state.no_backup, state.backup_damaged, state.newer of the file; state.backup, state.unusable of the folder. Threads: [any].
base::Result<Restored> restore(const std::filesystem::path& folder, const std::filesystem::path& file,
                               const std::function<std::string(const std::string& id)>& name_of,
                               const Clock& clock = observe::now_ns);

}  // namespace weir::state
