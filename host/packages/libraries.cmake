find_package(LibArchive REQUIRED)
find_package(CURL 7.85 REQUIRED)
set(libraries nlohmann_json::nlohmann_json LibArchive::LibArchive CURL::libcurl)
