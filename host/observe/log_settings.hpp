// Log settings as people write them: `--log level=info,run=debug,plugins.sqlite=debug,format=json,to=weir.log`.
//
//   settings = setting *( "," setting )
//   setting  = "level=" LEVEL              what is below is not written
//            | FOLDER "=" LEVEL            of one folder of the host: run, pipeline, plugins, …
//            | "plugins." NAME "=" LEVEL   of one plugin
//            | "format=" ( text | json )
//            | "to=" ( stderr | journal | journal:SOCKET | FILE )
//            | "size=" SIZE | "files=" N   of FILE: begun anew at that size (10 MiB), N old ones kept (5)
//   LEVEL    = debug | info | warning | error | off
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "observe/log.hpp"

namespace weir::observe {

// Reads settings on top of `options`. Errors: usage.log.
base::Result<LogOptions> parse_log_settings(std::string_view text, LogOptions options = {});

}  // namespace weir::observe
