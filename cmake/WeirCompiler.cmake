# How everything of ours is compiled: the standard, warnings as errors, sanitizers, and faster tools where they are present.
#
# Targets: weir_warnings (interface) — link it PRIVATE to whatever is ours and never to what others wrote.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()

# The build tree has the layout of an installation, so that the program finds its plugins in either.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(WEIR_PLUGIN_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/weir/plugins")
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib")

if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-march=x86-64-v2)
endif()

if(WEIR_SANITIZE)
  add_compile_options(-fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WEIR_SANITIZE})
endif()

# What is fuzzed is instrumented, not only the target's own file: libFuzzer looks for inputs that reach other code.
if(WEIR_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WEIR_FUZZ: expected clang, found ${CMAKE_CXX_COMPILER_ID}\n"
      "hint: configure with the preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(WEIR_CCACHE ccache)
if(WEIR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # One cache for all checkouts and locales.
  set(launcher "${CMAKE_COMMAND}" -E env --unset=LC_ALL LANG=C.UTF-8 "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
    CCACHE_NOHASHDIR=1 "${WEIR_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
endif()

# Units include files by their whole path, which __FILE__ would carry into what the cache compares.
if(CMAKE_UNITY_BUILD)
  add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
endif()

find_program(WEIR_MOLD mold)
if(WEIR_MOLD AND NOT APPLE AND NOT CMAKE_CROSSCOMPILING)  # a cross compiler looks for its own
  add_link_options(-fuse-ld=mold)
endif()

add_library(weir_warnings INTERFACE)
target_compile_options(weir_warnings INTERFACE
  -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-align -Wformat=2 -Wundef -Wvla
  $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi>
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  # Designated initialisers and `= {size}` leave the rest zero on purpose: structs of the ABI grow.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(weir_warnings INTERFACE
    -Wduplicated-cond -Wlogical-op
    # False alarms of GCC 12 in libstdc++'s own inlined code.
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-stringop-overread
    -Wno-array-bounds -Wno-dangling-pointer>)
  # GCC's warnings that follow the flow of what a sanitizer has instrumented are false; the builds without one say the true ones.
  if(WEIR_SANITIZE)
    target_compile_options(weir_warnings INTERFACE -w)
  endif()
endif()

# Several files in one: a local name may be that of another file, and no file is a header. Other builds say it of one file.
if(CMAKE_UNITY_BUILD)
  target_compile_options(weir_warnings INTERFACE -Wno-shadow
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endif()
