# The tests read their golden files where they stand.
if(TARGET weir_manifest_test)
  target_compile_definitions(weir_manifest_test PRIVATE WEIR_MANIFEST_GOLDEN="${dir}/golden")
endif()
