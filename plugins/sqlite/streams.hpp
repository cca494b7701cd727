// Streams: the tables of a database, for whoever reads many of them.
#pragma once

#include <weir/weir.hpp>

#include "database.hpp"

namespace weir::sqlite {

// Tells each table, but not views, and not what SQLite and weir keep for themselves: its columns, its primary key, the key that
// AUTOINCREMENT lets only grow, and about how many rows it has, as far as its rowids tell.
void list_streams(const Context& context, const StreamSink& streams);

}  // namespace weir::sqlite
