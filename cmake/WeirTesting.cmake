# Test programs: Catch2, 2.13 or 3, behind <weir_catch.hpp>; each test case is one ctest entry, found when ctest starts.
#
#   weir_add_test(NAME SOURCES … [LIBRARIES …] [LABELS …])   labels default to "unit"
#   weir_add_test_folders(DIR)                               every DIR/*/CMakeLists.txt
if(NOT WEIR_TESTS)
  function(weir_add_test)
  endfunction()
  return()
endif()

enable_testing()
find_package(Catch2 REQUIRED)

add_library(weir_catch INTERFACE)
target_include_directories(weir_catch INTERFACE "${CMAKE_SOURCE_DIR}/tests/catch")
target_link_libraries(weir_catch INTERFACE Catch2::Catch2WithMain)

function(weir_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;LABELS")
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests" CXX_CLANG_TIDY "")
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} weir_catch weir_warnings)
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-parentheses>)  # Catch2 2's REQUIRE(a == b)
  string(REGEX REPLACE "_test$" "" prefix "${name}")
  set(script "${CMAKE_CURRENT_BINARY_DIR}/${name}.ctest.cmake")
  file(GENERATE OUTPUT "${script}" CONTENT
    "include([==[${CMAKE_SOURCE_DIR}/cmake/WeirDiscover.cmake]==])
weir_discover_([==[$<TARGET_FILE:${name}>]==] [==[${prefix}]==] \"${arg_LABELS}\" 120)\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
endfunction()

function(weir_add_test_folders dir)
  file(GLOB folders CONFIGURE_DEPENDS "${dir}/*/CMakeLists.txt")
  foreach(file IN LISTS folders)
    cmake_path(GET file PARENT_PATH folder)
    add_subdirectory("${folder}")
  endforeach()
endfunction()
