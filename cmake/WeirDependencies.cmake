# The external libraries of the host, as targets. A host folder takes those that it needs in its libraries.cmake; a plugin
# finds its own in its own CMakeLists.txt. Imported targets count as system headers.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS filesystem)  # Boost::headers, Boost::filesystem (Boost.DLL needs it)
find_package(nlohmann_json REQUIRED)                     # nlohmann_json::nlohmann_json
find_package(fmt REQUIRED)                               # fmt::fmt
find_package(spdlog REQUIRED)                            # spdlog::spdlog
find_package(OpenSSL REQUIRED)                           # OpenSSL::Crypto
find_package(SQLite3 REQUIRED)                           # SQLite::SQLite3
find_package(CLI11 REQUIRED)                             # CLI11::CLI11
find_package(yaml-cpp REQUIRED)
find_package(FastFloat REQUIRED)                         # FastFloat::fast_float
find_package(PkgConfig REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
find_path(WEIR_VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)

add_library(weir_xxhash INTERFACE)
target_link_libraries(weir_xxhash INTERFACE PkgConfig::xxhash)

find_library(WEIR_CCTZ cctz REQUIRED)

add_library(weir_cctz INTERFACE)
target_link_libraries(weir_cctz INTERFACE ${WEIR_CCTZ})

add_library(weir_re2 INTERFACE)
target_link_libraries(weir_re2 INTERFACE PkgConfig::re2)

add_library(weir_yaml INTERFACE)
target_link_libraries(weir_yaml INTERFACE yaml-cpp)

add_library(weir_valijson INTERFACE)
target_include_directories(weir_valijson SYSTEM INTERFACE "${WEIR_VALIJSON_INCLUDE}")
target_compile_definitions(weir_valijson INTERFACE VALIJSON_USE_EXCEPTIONS=1)  # without it, it aborts
target_link_libraries(weir_valijson INTERFACE nlohmann_json::nlohmann_json yaml-cpp)

# Asio, Beast and DLL are headers; these settings must be the same in every unit.
add_library(weir_boost INTERFACE)
target_link_libraries(weir_boost INTERFACE Boost::headers Boost::filesystem Threads::Threads)
target_compile_definitions(weir_boost INTERFACE BOOST_DLL_USE_STD_FS=0 BOOST_ASIO_NO_DEPRECATED)
