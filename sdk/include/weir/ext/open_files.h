/* weir.open: files of a stream that may differ more than those of most formats. Not a table, but a key of metadata, with
 * any value, on a schema of rows that a format's reader tells: it gives null for a column that a file lacks, and can read
 * any column as JSON text (utf8 with ARROW:extension:name arrow.json). So the host takes the union of the files' columns,
 * and JSON text where nothing else holds the values of all. */
#ifndef WEIR_EXT_OPEN_FILES_H
#define WEIR_EXT_OPEN_FILES_H
#include "../weir.h"
#define WEIR_OPEN_FILES "weir.open"
#endif
