// The version of the program: the project's, given by the build.
#pragma once

namespace weir::cli {

#ifdef WEIR_PROJECT_VERSION
inline constexpr const char* kVersion = WEIR_PROJECT_VERSION;
#else
inline constexpr const char* kVersion = "0.0.0";
#endif

}  // namespace weir::cli
