// The manifests of a folder, as those who are not told which look for them.
#pragma once

#include <filesystem>
#include <vector>

namespace weir::manifest {

// Whether a file says near its top that it is one: `weir: 1`, in JSON `"weir": 1`.
bool is_manifest(const std::filesystem::path& path);

// Those of a folder, by name; of "." without its name in front.
std::vector<std::filesystem::path> manifests_in(const std::filesystem::path& folder);

}  // namespace weir::manifest
