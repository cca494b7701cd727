/* weir.found: what a format's reader found out by itself about an input (a delimiter, that there is no header). Not a table, but a
 * key of metadata on the schema of rows that it tells, with a short text for people: weir plan shows it. */
#ifndef WEIR_EXT_FOUND_H
#define WEIR_EXT_FOUND_H
#include "../weir.h"
#define WEIR_FOUND "weir.found"
#endif
