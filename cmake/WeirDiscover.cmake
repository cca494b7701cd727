# Included by ctest when it starts: lists the cases of one Catch2 program and declares a test for each. The list is kept
# beside the program and made anew when the program is.
#
#   weir_discover_(PROGRAM PREFIX LABELS TIMEOUT)
function(weir_discover_ program prefix labels timeout)
  if(NOT EXISTS "${program}")
    add_test("${prefix} (not built)" "${program}")
    return()
  endif()
  set(list "${program}.cases")
  if(NOT EXISTS "${list}" OR "${program}" IS_NEWER_THAN "${list}")
    execute_process(COMMAND "${program}" --list-test-names-only RESULT_VARIABLE code OUTPUT_VARIABLE cases ERROR_QUIET)
    if(NOT code MATCHES "^[0-9]+$" OR cases STREQUAL "")  # Catch2 3; 2 answers with the number of cases
      execute_process(COMMAND "${program}" --list-tests --verbosity quiet OUTPUT_VARIABLE cases)
    endif()
    file(WRITE "${list}" "${cases}")
  endif()
  file(STRINGS "${list}" cases)
  foreach(case IN LISTS cases)
    string(REGEX REPLACE "([,\\[])" "\\\\\\1" pattern "${case}")
    add_test("${prefix}: ${case}" "${program}" "${pattern}")
    set_tests_properties("${prefix}: ${case}" PROPERTIES LABELS "${labels}" TIMEOUT "${timeout}")
  endforeach()
endfunction()
