# The plugins that come with weir: every folder plugins/NAME with a schema.json. One that has a CMakeLists.txt is built by
# it; for one that has none, weir_add_plugin(NAME) does. A new plugin is one new folder and no edit elsewhere.
function(weir_add_plugin_folders dir)
  file(GLOB folders CONFIGURE_DEPENDS "${dir}/*/schema.json")
  foreach(schema IN LISTS folders)
    cmake_path(GET schema PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    if(EXISTS "${folder}/CMakeLists.txt")
      add_subdirectory("${folder}" "${CMAKE_BINARY_DIR}/plugins/${name}")
    else()
      weir_add_plugin(${name} FOLDER "${folder}")
    endif()
  endforeach()
endfunction()

weir_add_plugin_folders("${CMAKE_SOURCE_DIR}/plugins")
if(WEIR_EXTRA_PLUGINS_DIR)
  weir_add_plugin_folders("${WEIR_EXTRA_PLUGINS_DIR}")
endif()
