# The tests pack a plugin that is built beside them.
if(TARGET weir_packages_test)
  add_dependencies(weir_packages_test weir_bad_plugins)
endif()
