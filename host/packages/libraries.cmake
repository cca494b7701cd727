find_package(LibArchive REQUIRED)
set(libraries nlohmann_json::nlohmann_json LibArchive::LibArchive)
