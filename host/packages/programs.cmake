add_executable(weir-packages "${dir}/packages_main.cpp")
target_link_libraries(weir-packages PRIVATE weir_packages weir_warnings)
# mold takes whole libraries for names that other libraries have anyway: twice the program.
target_link_options(weir-packages PRIVATE -fuse-ld=bfd)
set_target_properties(weir-packages PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/libexec")
add_dependencies(product weir-packages)
install(TARGETS weir-packages RUNTIME DESTINATION libexec)

# The tests pack a plugin that is built beside them.
if(TARGET weir_packages_test)
  add_dependencies(weir_packages_test weir_bad_plugins)
endif()
