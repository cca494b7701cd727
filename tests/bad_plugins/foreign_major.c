/* Exports the entry of another major version only. */
#define SIN "foreign_major"
#define SIN_ENTRY weir_plugin_v2
#include "bad_plugin.h"
