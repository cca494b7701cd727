# What Debian wants otherwise than an archive has it; cpack includes this once the tree is laid out, before it is packed.
set(usr "${CPACK_TEMPORARY_DIRECTORY}/usr")
set(documents "${usr}/share/doc/weir")

function(run_or_end)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Libraries are the system's, and libweir is where it looks for them.
file(GLOB_RECURSE files "${usr}/bin/*" "${usr}/libexec/*" "${usr}/lib/*.so*")
foreach(file IN LISTS files)
  if(NOT IS_SYMLINK "${file}")
    run_or_end(patchelf --remove-rpath "${file}")
  endif()
endforeach()

run_or_end(gzip -9n "${usr}/share/man/man1/weir.1")
string(TIMESTAMP day "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, where that is set
file(WRITE "${documents}/changelog" "${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What is new: CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${day}
")
run_or_end(gzip -9n "${documents}/changelog")
file(REMOVE "${documents}/LICENSE")
file(WRITE "${documents}/copyright"
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: weir

Files: *
Copyright: 2026 the authors of weir
License: Apache-2.0
 On Debian systems, the text of the Apache License, Version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
")
# cpack installs by the umask of who runs it, and packs what it finds.
run_or_end(chmod -R u=rwX,go=rX "${usr}")
