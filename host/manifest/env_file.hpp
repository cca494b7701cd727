// Env files: variables for ${env:NAME} and ${secret:env/NAME}, beside the manifest or where --env-file says.
//
//   file    = { line }
//   line    = [ [ "export" ] name "=" value ] [ "#" comment ]
//   name    = letter or "_", then letters, digits, "_"
//   value   = the rest of the line, trimmed, to a "#" that stands after a space
//           | "'" any text, over several lines, without a "'" "'"                  taken as it is
//           | '"' any text, over several lines '"'                                 \n \r \t \\ \" \$ are one character
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "manifest/source.hpp"

namespace weir::manifest {

// Reads a file's variables. Errors, all together, name its lines and never show them: they may hold a secret.
base::Result<std::map<std::string, std::string>> read_env(const std::string& file);

// The same for what read_source() or make_source() gives.
base::Result<std::map<std::string, std::string>> parse_env(base::Result<std::shared_ptr<const Source>> source);

}  // namespace weir::manifest
