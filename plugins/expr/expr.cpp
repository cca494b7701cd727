// The plugin `expr`: rows by SQL-like expressions.
#include "derive.hpp"
#include "filter.hpp"
#include "select.hpp"
#include "weir_plugin_info.h"

WEIR_PLUGIN(weir::transformer<weir::expr::Filter>("filter"), weir::transformer<weir::expr::Derive>("derive"),
            weir::transformer<weir::expr::Select>("select"));
