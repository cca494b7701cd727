// The plugin `expr`: rows by SQL-like expressions.
#include "filter.hpp"
#include "weir_plugin_info.h"

WEIR_PLUGIN(weir::transformer<weir::expr::Filter>("filter"));
