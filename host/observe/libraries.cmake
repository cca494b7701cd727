set(libraries spdlog::spdlog nlohmann_json::nlohmann_json)
