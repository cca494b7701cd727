// Rejects file: where the rejects of a run stand, and how it is known that they still do.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "recovery/run_history.hpp"

namespace weir::run {

// Where a file ends now; 0: there is none.
std::uint64_t end_of(const std::filesystem::path& file);

// Completes what is kept of a rejects file: its end, and the digest of what stands between its beginning and that. One that can't
// be read is left without a digest.
void measure(recovery::RejectsFile& file);

// Copies that stretch. Errors: replay.rejects_gone, replay.rejects_changed; state.unusable if it can't be written.
base::Result<void> copy_rejects(const recovery::RejectsFile& file, const std::filesystem::path& to);

}  // namespace weir::run
