// The plugin `expr`: rows by SQL-like expressions.
#include "derive.hpp"
#include "filter.hpp"
#include "route.hpp"
#include "select.hpp"
#include "tee.hpp"
#include "weir_plugin_info.h"

WEIR_PLUGIN(weir::transformer<weir::expr::Filter>("filter"), weir::transformer<weir::expr::Derive>("derive"),
            weir::transformer<weir::expr::Select>("select"), weir::transformer<weir::expr::Route>("route"),
            weir::transformer<weir::expr::Tee>("tee"));
