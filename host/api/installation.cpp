// Where what is installed is.
#include <weir/api/installation.hpp>

#include "plugins/discovery.hpp"

namespace weir::api {

std::string_view version() { return WEIR_PROJECT_VERSION; }

std::string plugins_folder() { return plugins::installation_folder().string(); }

}  // namespace weir::api
