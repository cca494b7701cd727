// The C++20 wrapper of the plugin ABI: one base class a kind, RAII, and WEIR_PLUGIN. It adds nothing to what weir.h can
// do: read that first. Code behind it throws weir::Failure for errors; nothing is thrown across the ABI.
//
//   #include <weir/weir.hpp>
//   #include "weir_plugin_info.h"                       // made from schema.json by weir_add_plugin()
//
//   class Upper : public weir::Transformer { ... };
//   WEIR_PLUGIN(weir::transformer<Upper>("upper"));
#pragma once

#include "arrow.hpp"            // IWYU pragma: export
#include "cpp/bytes.hpp"        // IWYU pragma: export
#include "cpp/context.hpp"      // IWYU pragma: export
#include "cpp/failure.hpp"      // IWYU pragma: export
#include "cpp/format.hpp"       // IWYU pragma: export
#include "cpp/loader.hpp"       // IWYU pragma: export
#include "cpp/plugin.hpp"       // IWYU pragma: export
#include "cpp/reader.hpp"       // IWYU pragma: export
#include "cpp/reads.hpp"        // IWYU pragma: export
#include "cpp/storage.hpp"      // IWYU pragma: export
#include "cpp/transformer.hpp"  // IWYU pragma: export
