# The host: every folder host/X is the static library weir_X, of all .cpp below it but *_test.cpp and *_main.cpp, and the
# test program weir_X_test of the *_test.cpp. Folders are found, not listed; what is listed is the order of the arrows:
# a folder may use what stands left of it, and links all of that.
#
# What embedders see: host/X/include/weir/X/*.hpp, included as <weir/X/…> everywhere, and installed.
#
# External libraries: host/X/libraries.cmake, if there, says `set(libraries OpenSSL::Crypto …)` with the targets of
# WeirDependencies.cmake; whoever links the folder gets them too. Programs beside the library (host/X/*_main.cpp) are
# declared in host/X/programs.cmake.
set(WEIR_ARROWS
  base arrow observe events manifest security state plugins sandbox conformance connections integrity pipeline recovery run
  cluster api server cli packages)

function(weir_add_host_folder folder)
  set(dir "${CMAKE_SOURCE_DIR}/host/${folder}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${dir}/*.cpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  set(libraries)
  include("${dir}/libraries.cmake" OPTIONAL)
  if(sources)
    add_library(weir_${folder} STATIC ${sources})
    target_link_libraries(weir_${folder} PRIVATE weir_warnings)
    add_dependencies(product weir_${folder})
    set(scope PUBLIC)
  else()
    add_library(weir_${folder} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(weir_${folder} ${scope} "${CMAKE_SOURCE_DIR}/host")
  if(IS_DIRECTORY "${dir}/include")
    target_include_directories(weir_${folder} ${scope} "${dir}/include")
    set_target_properties(weir_${folder} PROPERTIES CXX_VISIBILITY_PRESET default)  # for libweir.so
    weir_check_headers(weir_${folder}_public_headers "${dir}/include" weir LIBRARIES weir_${folder})
    install(DIRECTORY "${dir}/include/weir" DESTINATION include FILES_MATCHING PATTERN "*.hpp")
  endif()
  target_link_libraries(weir_${folder} ${scope} ${WEIR_HOST_SO_FAR} ${libraries} weir_sdk Threads::Threads)

  list(APPEND WEIR_HOST_EXTERNALS ${libraries})
  set(WEIR_HOST_EXTERNALS ${WEIR_HOST_EXTERNALS} PARENT_SCOPE)

  if(tests)
    weir_add_test(weir_${folder}_test SOURCES ${tests} LIBRARIES weir_${folder})
    if(TARGET weir_${folder}_test)  # the golden files are read where they stand
      target_compile_definitions(weir_${folder}_test PRIVATE WEIR_GOLDEN="${dir}/golden")
    endif()
  endif()
  weir_check_headers(weir_${folder}_headers "${CMAKE_SOURCE_DIR}/host" ${folder} EXCEPT "^${folder}/include/"
    LIBRARIES weir_${folder})
  include("${dir}/programs.cmake" OPTIONAL)
endfunction()

function(weir_check_host_folders)
  file(GLOB folders RELATIVE "${CMAKE_SOURCE_DIR}/host" CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/host/*")
  foreach(folder IN LISTS folders)
    if(IS_DIRECTORY "${CMAKE_SOURCE_DIR}/host/${folder}" AND NOT folder IN_LIST WEIR_ARROWS)
      message(FATAL_ERROR "host/${folder}: expected a folder of the order in cmake/WeirHost.cmake, found a new one\n"
        "hint: give it a place among the arrows there, and in docs/architecture.md")
    endif()
  endforeach()
endfunction()

# What the program writes of itself: its manual page, and what shells complete it by.
function(weir_write_share)
  set(share "${CMAKE_BINARY_DIR}/share")
  set(man "${share}/man/man1/weir.1")
  set(bash "${share}/bash-completion/completions/weir")
  set(zsh "${share}/zsh/site-functions/_weir")
  set(fish "${share}/fish/vendor_completions.d/weir.fish")
  foreach(file IN ITEMS "${man}" "${bash}" "${zsh}" "${fish}")
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY "${folder}")
  endforeach()
  add_custom_command(TARGET weir POST_BUILD VERBATIM
    COMMAND weir manual > "${man}"
    COMMAND weir completion bash > "${bash}"
    COMMAND weir completion zsh > "${zsh}"
    COMMAND weir completion fish > "${fish}")
  install(DIRECTORY "${share}/" DESTINATION share REGEX "/share/weir$" EXCLUDE)  # a link to sdk/, which installs itself
endfunction()

# libweir.so, for programs that embed weir: all folders up to api, in one library that exports the
# namespaces of what embedders see, as libweir.map says: the folders with an include/ are compiled with symbols in sight.
# Why it is shared: docs/decisions/0031.
function(weir_add_embedded_host)
  set(objects)
  foreach(target IN LISTS ARGN)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND objects $<TARGET_OBJECTS:${target}>)
    endif()
  endforeach()
  set(map "${CMAKE_SOURCE_DIR}/cmake/libweir.map")
  add_library(weir_embedded SHARED ${objects})
  target_link_libraries(weir_embedded PRIVATE ${WEIR_HOST_EXTERNALS} Threads::Threads ${CMAKE_DL_LIBS})
  target_link_options(weir_embedded PRIVATE "LINKER:--version-script=${map}" LINKER:--exclude-libs,ALL LINKER:--as-needed)
  set_target_properties(weir_embedded PROPERTIES OUTPUT_NAME weir VERSION ${PROJECT_VERSION} LINKER_LANGUAGE CXX
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} LINK_DEPENDS "${map}" INSTALL_RPATH "$ORIGIN"
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  add_dependencies(product weir_embedded)
  install(TARGETS weir_embedded LIBRARY DESTINATION lib)
endfunction()

function(weir_add_host)
  weir_check_host_folders()
  set(WEIR_HOST_SO_FAR)
  set(WEIR_HOST_EXTERNALS)
  foreach(folder IN LISTS WEIR_ARROWS)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/host/${folder}/*.[ch]pp")
    if(files)
      weir_add_host_folder(${folder})
      list(PREPEND WEIR_HOST_SO_FAR weir_${folder})
    endif()
    if(folder STREQUAL "api" AND NOT WEIR_SANITIZE)
      weir_add_embedded_host(${WEIR_HOST_SO_FAR})
    endif()
  endforeach()
  if(NOT TARGET weir_cli)
    message(STATUS "host/cli is not there yet: no weir program")
    return()
  endif()
  add_executable(weir "${CMAKE_SOURCE_DIR}/host/main.cpp")
  target_link_libraries(weir PRIVATE weir_cli weir_warnings)
  if(NOT WEIR_SANITIZE AND NOT WEIR_FUZZ)  # their runtimes are for the plugins, too
    set(map "${CMAKE_SOURCE_DIR}/cmake/weir.map")
    target_link_options(weir PRIVATE "LINKER:--version-script=${map}")
    set_target_properties(weir PROPERTIES LINK_DEPENDS "${map}")
  endif()
  add_dependencies(product weir)
  install(TARGETS weir RUNTIME DESTINATION bin)
  weir_write_share()
endfunction()
