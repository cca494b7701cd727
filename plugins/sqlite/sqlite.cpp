// The plugin sqlite: a loader and an extractor, both called `sqlite`.
#include <weir/weir.hpp>

#include "committer.hpp"
#include "reader.hpp"
#include "weir_plugin_info.h"
#include "writer.hpp"

WEIR_PLUGIN(weir::loader<weir::sqlite::SqliteWriter, weir::sqlite::SqliteCommitter>(
                "sqlite", weir::shares_writer<weir::sqlite::SqliteWriter>),
            weir::extractor<weir::sqlite::SqliteReader>("sqlite"));
