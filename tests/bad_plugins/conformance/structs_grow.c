/* Takes no context that is longer than the one it knows. */
#define SIN "structs_grow"
#define CREATING                            \
  if (context->size != sizeof(*context)) \
  return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "expected a context of its own size")
#include "sin_transformer.h"
