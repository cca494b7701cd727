// What is installed, for programs that embed weir.
#pragma once

#include <string>
#include <string_view>

namespace weir::api {

// The version of the library that is loaded, "0.1.0". Threads: [any].
std::string_view version();

// The folder of the plugins that were installed with that library; found from where the library is, so that a tree that
// was moved is right. Threads: [any].
std::string plugins_folder();

}  // namespace weir::api
