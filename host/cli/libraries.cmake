set(libraries CLI11::CLI11)
set_property(DIRECTORY APPEND PROPERTY COMPILE_DEFINITIONS WEIR_PROJECT_VERSION="${PROJECT_VERSION}")

# What `weir explain` tells is the page docs/errors.md, carried in the program.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/docs/errors.md")
file(READ "${CMAKE_SOURCE_DIR}/docs/errors.md" errors_page)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/errors_page.cpp" @ONLY CONTENT
"#include \"cli/error_codes.hpp\"

namespace weir::cli {
const char* const kErrorsPage = R\"weir(@errors_page@)weir\";
}  // namespace weir::cli
")
list(APPEND sources "${CMAKE_BINARY_DIR}/generated/errors_page.cpp")
