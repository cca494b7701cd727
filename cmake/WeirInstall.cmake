# What an installation has beside the program, the plugins and the SDK, which install themselves: things to read and to try.
# Nothing in it names the place where it is, so the tree can be moved.
install(FILES README.md CHANGELOG.md SECURITY.md LICENSE DESTINATION share/doc/weir)
install(DIRECTORY docs/ DESTINATION share/doc/weir/docs FILES_MATCHING PATTERN "*.md")
file(GLOB schemas CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/plugins/*/schema.json")
foreach(schema IN LISTS schemas)
  cmake_path(GET schema PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  install(FILES "${schema}" DESTINATION share/weir/schemas RENAME "${name}.json")
  install(FILES "${folder}/README.md" DESTINATION "share/doc/weir/plugins/${name}" OPTIONAL)
endforeach()
install(DIRECTORY examples/ DESTINATION share/weir/examples REGEX "examples/CMakeLists.txt$" EXCLUDE
  PATTERN "expected" EXCLUDE PATTERN ".weir" EXCLUDE)
