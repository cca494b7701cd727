// The plugin sqlite: a loader and an extractor, both called `sqlite`.
#include <weir/cpp/ddl.hpp>
#include <weir/weir.hpp>

#include "committer.hpp"
#include "reader.hpp"
#include "weir_plugin_info.h"
#include "writer.hpp"

namespace {

const void* loader_extension(weir_string id) {
  const void* const shared = weir::shares_writer<weir::sqlite::SqliteWriter>(id);
  return shared != nullptr ? shared : weir::tells_ddl<weir::sqlite::SqliteWriter>(id);
}

}  // namespace

WEIR_PLUGIN(weir::loader<weir::sqlite::SqliteWriter, weir::sqlite::SqliteCommitter>("sqlite", loader_extension),
            weir::extractor<weir::sqlite::SqliteReader>("sqlite"));
