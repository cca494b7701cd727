// Halves of downloads that nobody has come back for.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"

namespace weir::packages {

// How long a half is kept to be gone on with.
inline constexpr std::chrono::hours kHalfIsKept{7 * 24};

// Where downloads of this user go, $XDG_CACHE_HOME/weir/downloads; it may not be there. Empty: there is no home. [main]
std::filesystem::path downloads_folder();

struct OldHalf {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  std::int64_t days = 0;  // since it was written last
};

// Removes what lies in a folder of downloads and was written more than kHalfIsKept before `now`; `dry`: tells it alone. What a process
// downloads stays. Error: download.disk.
base::Result<std::vector<OldHalf>> remove_old_halves(const std::filesystem::path& folder,
                                                     std::filesystem::file_time_type now, bool dry);

}  // namespace weir::packages
