// The plugin nested: transformers that take structs and lists apart.
#include <weir/weir.hpp>

#include "flatten.hpp"
#include "unnest.hpp"
#include "weir_plugin_info.h"

WEIR_PLUGIN(weir::transformer<weir::nested::Flatten>("flatten"), weir::transformer<weir::nested::Unnest>("unnest"));
