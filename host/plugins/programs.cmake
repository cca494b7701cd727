# The tests load bad plugins.
if(TARGET weir_plugins_test)
  add_dependencies(weir_plugins_test weir_bad_plugins)
endif()
