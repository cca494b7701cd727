set(libraries nlohmann_json::nlohmann_json spdlog::spdlog)

# What a log's settings may name.
list(JOIN WEIR_ARROWS " " folders)
set_source_files_properties("${dir}/log_settings.cpp" PROPERTIES COMPILE_DEFINITIONS "WEIR_HOST_FOLDERS=\"${folders}\"")
