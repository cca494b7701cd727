// Replaces a file only if nobody else was faster, for what weir_conditional::replace() says.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <string>
#include <string_view>

#include <weir/cpp/context.hpp>

#include "target.hpp"

namespace weir::file {

// Gives the file these bytes if version_of() it is still `expected` (empty: it must not be there). Waits for others who replace it, on
// this machine or by a file server, until `stopped`. Gives what the file is then. Throws a Failure: WEIR_FAILED_PRECONDITION if it is
// another by now.
struct stat replace(const Context& context, Folders& folders, const std::string& path, std::string_view bytes,
                    std::string_view expected, const std::function<bool()>& stopped);

}  // namespace weir::file
