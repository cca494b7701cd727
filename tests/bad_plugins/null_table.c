/* Its component has no table. */
#define SIN "null_table"
#define SIN_COMPONENTS &without_table
#include <weir/weir.h>
static const struct weir_component without_table = {
    sizeof without_table, {SIN, sizeof SIN - 1}, {"{}", 2}, WEIR_KIND_TRANSFORMER, 0, NULL, NULL};
#include "bad_plugin.h"

/* What the header defines and nothing uses. */
const void* const null_table_rest = &sin_table;
