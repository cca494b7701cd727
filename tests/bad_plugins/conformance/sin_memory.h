/* What a plugin says that has no memory: the kit lets each of its calls for some fail. */
#ifndef SIN_MEMORY_H
#define SIN_MEMORY_H
#include <weir/weir.h>

static inline weir_status no_memory(struct weir_error *error) {
  return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_PLUGIN, "expected memory, found none");
}

#endif
