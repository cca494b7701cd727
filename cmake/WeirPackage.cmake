# Debian's package, by `cpack -G DEB` in a build folder, or scripts/release.sh --deb.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME weir)
set(CPACK_PACKAGE_VENDOR "weir")
set(WEIR_CONTACT "The maintainers of weir <weir@localhost>" CACHE STRING "Who answers for the packages that are made, as Debian writes it")
set(CPACK_PACKAGE_CONTACT "${WEIR_CONTACT}")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "small native ETL host that loads plugins over one C ABI")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Wires plugins, which are shared objects behind one stable C ABI, from a
manifest into a chain: an extractor, transformers, a loader. Every row is
accounted for: loaded, dropped, or kept aside with its reason.

This package has the program, the plugins that come with it (CSV, JSON,
SQLite, compressed files, expressions and more), the library libweir for
programs that embed it, and what authors of plugins need.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# libweir is a library of the system's: its cache is made anew, and packages that need it depend on this one.
file(WRITE "${CMAKE_BINARY_DIR}/debian/triggers" "activate-noawait ldconfig\n")
file(WRITE "${CMAKE_BINARY_DIR}/debian/shlibs"
  "libweir ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} weir (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${CMAKE_BINARY_DIR}/debian/triggers;${CMAKE_BINARY_DIR}/debian/shlibs")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/WeirDebian.cmake")
include(CPack)
