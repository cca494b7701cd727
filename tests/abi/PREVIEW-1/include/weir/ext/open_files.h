/* weir.open: files of a stream that may differ more than those of most formats. Not a table, but a key of metadata on a
 * schema of rows that a format's or an extractor's reader tells. With any value: it gives null for a column that it lacks and
 * is told to expect. So the host takes the union of the columns of all files, or extracts. With a value other than "columns"
 * it can also read any column as JSON text (utf8 with ARROW:extension:name arrow.json), and that is what the host takes where
 * nothing else holds the values of all; else it takes text. */
#ifndef WEIR_EXT_OPEN_FILES_H
#define WEIR_EXT_OPEN_FILES_H
#include "../weir.h"
#define WEIR_OPEN_FILES "weir.open"
#define WEIR_OPEN_COLUMNS "columns"
#endif
