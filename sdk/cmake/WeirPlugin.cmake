# weir_add_plugin(NAME [FOLDER dir] [SOURCES …] [LIBRARIES …] [TEST_LIBRARIES …])
#
# Builds the plugin NAME from its folder (default: the current one) into NAME.so, whose only exported symbol is
# weir_plugin_v1, and installs it, unless WEIR_PLUGIN_INSTALL is OFF. The folder holds schema.json, which says what the
# plugin is; from it comes the header "weir_plugin_info.h" (see WeirPluginInfo.cmake), for the plugin's main source to
# include.
#
#   SOURCES         all *.c and *.cpp of the folder but *_test.cpp
#   LIBRARIES       what it links, beside the SDK
#   TEST_LIBRARIES  what its tests link more
#
# Targets: plugin_NAME, the module; plugin_NAME_objects, its objects; plugin_NAME_test, a program of the folder's
# *_test.cpp over those objects, if there are any and the project has include(CTest): then it is a test of that name. (In weir's own
# tree weir_add_test() makes it, over Catch2; WEIR_GOLDEN is the folder's golden/.)
cmake_policy(VERSION 3.25)
set(WEIR_SDK_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "Where weir_add_plugin's files are")
include("${CMAKE_CURRENT_LIST_DIR}/WeirPluginInfo.cmake")

function(weir_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER" "SOURCES;LIBRARIES;TEST_LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "weir_add_plugin(${name}): expected FOLDER, SOURCES, LIBRARIES or TEST_LIBRARIES, found "
      "'${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_FOLDER)
    set(arg_FOLDER "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  file(GLOB found CONFIGURE_DEPENDS "${arg_FOLDER}/*.c" "${arg_FOLDER}/*.cpp")
  set(tests ${found})
  list(FILTER found EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${found})
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "plugin ${name}: expected a .c or .cpp file in ${arg_FOLDER}, found none")
  endif()

  set(generated "${CMAKE_CURRENT_BINARY_DIR}/weir_plugin_${name}")
  weir_generate_plugin_info("${name}" "${arg_FOLDER}/schema.json" "${generated}/weir_plugin_info.h")

  set(objects plugin_${name}_objects)
  add_library(${objects} OBJECT ${arg_SOURCES})
  target_include_directories(${objects} PUBLIC "${arg_FOLDER}" "${generated}")
  target_link_libraries(${objects} PUBLIC weir_sdk ${arg_LIBRARIES})
  set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_features(${objects} PUBLIC c_std_11 cxx_std_20)
  # Without it, a template's static variable pins the plugin in memory for ever.
  target_compile_options(${objects} PRIVATE
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fno-gnu-unique>)
  if(WIN32)  # the section .weir is kept by PE's linkers anyway, which know no attribute for it
    target_compile_options(${objects} PRIVATE -Wno-attributes)
  endif()
  if(TARGET weir_warnings)
    target_link_libraries(${objects} PRIVATE weir_warnings)
  endif()

  weir_link_plugin_("${name}" "${objects}" "${arg_LIBRARIES}")
  if(tests AND COMMAND weir_add_test)
    weir_add_test(plugin_${name}_test SOURCES ${tests} LIBRARIES ${objects} ${arg_TEST_LIBRARIES} LABELS plugin)
    if(TARGET plugin_${name}_test AND IS_DIRECTORY "${arg_FOLDER}/golden")
      target_compile_definitions(plugin_${name}_test PRIVATE WEIR_GOLDEN="${arg_FOLDER}/golden")
    endif()
  elseif(tests AND BUILD_TESTING)
    add_executable(plugin_${name}_test ${tests})
    target_link_libraries(plugin_${name}_test PRIVATE ${objects} ${arg_TEST_LIBRARIES})
    add_test(NAME plugin_${name}_test COMMAND plugin_${name}_test)
  endif()
endfunction()

# Links the module of one plugin and installs it.
function(weir_link_plugin_ name objects libraries)
  set(module plugin_${name})
  add_library(${module} MODULE)
  target_link_libraries(${module} PRIVATE ${objects} ${libraries})
  set_target_properties(${module} PROPERTIES OUTPUT_NAME "${name}" PREFIX "" SUFFIX ".so" LINKER_LANGUAGE CXX)
  if(WEIR_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${module} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${WEIR_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
  set_target_properties(${module} PROPERTIES INSTALL_RPATH "$ORIGIN" LINK_DEPENDS "${WEIR_SDK_CMAKE_DIR}/plugin.map")
  if(WIN32)
    set_target_properties(${module} PROPERTIES SUFFIX ".dll")
    target_link_options(${module} PRIVATE "${WEIR_SDK_CMAKE_DIR}/plugin.def")
    if(MINGW)  # the compiler's own libraries are in the file, or they would have to lie beside it
      target_link_options(${module} PRIVATE -static)
    endif()
  elseif(NOT APPLE)
    target_link_options(${module} PRIVATE "LINKER:--version-script=${WEIR_SDK_CMAKE_DIR}/plugin.map"
      LINKER:--exclude-libs,ALL LINKER:--as-needed)
    # clang leaves the sanitizers' symbols to the program, so they can't all be defined there.
    if(NOT (WEIR_SANITIZE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang"))
      target_link_options(${module} PRIVATE LINKER:-z,defs)
    endif()
  endif()
  if(TARGET product)
    add_dependencies(product ${module})
  endif()
  if(NOT DEFINED WEIR_PLUGIN_INSTALL OR WEIR_PLUGIN_INSTALL)
    install(TARGETS ${module} LIBRARY DESTINATION lib/weir/plugins)
  endif()
endfunction()
