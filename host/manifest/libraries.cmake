set(libraries nlohmann_json::nlohmann_json weir_yaml weir_valijson)
