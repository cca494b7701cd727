# The tests of assemble() find and load plugins.
if(TARGET weir_run_test)
  add_dependencies(weir_run_test product weir_bad_plugins)
endif()
