// Rights: what a thread of this process may do to files, as the kernel's Landlock has it.
#pragma once

#include <filesystem>
#include <span>

namespace weir::conformance {

// From here on this thread, and those that it starts, write, make and remove files below these folders alone, and devices such as
// /dev/null. For good. False: the kernel has no Landlock, or an older one, and nothing has changed. Threads: [any].
bool write_only_below(std::span<const std::filesystem::path> folders);

}  // namespace weir::conformance
