set(libraries weir_boost nlohmann_json::nlohmann_json)
