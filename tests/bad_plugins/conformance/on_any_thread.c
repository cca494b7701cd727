/* Keeps what it knows in the thread. */
#define SIN "on_any_thread"
static _Thread_local int known;
#define CREATING known = 1
#define PROCESSING \
  if (!known) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "expected the thread that made it")
#include "sin_transformer.h"
