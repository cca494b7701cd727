/* Gives another descriptor each time. */
#define SIN "entry_constant"
#define ENTRY (static_copy = sin_plugin, other = !other, other ? &static_copy : &sin_plugin)
#include <weir/weir.h>
static struct weir_plugin static_copy;
static int other;
#include "sin_transformer.h"
