// Folders of the user, as the XDG base directory specification has them.
#pragma once

#include <filesystem>
#include <string>

namespace weir::base {

// `$variable/weir` ("XDG_CACHE_HOME"), else `$HOME/below_home/weir` (".cache"); empty: the user has neither. Values that are no
// absolute paths count as none. It may not be there. Reads the environment: [main].
std::filesystem::path user_folder(const std::string& variable, const std::string& below_home);

}  // namespace weir::base
