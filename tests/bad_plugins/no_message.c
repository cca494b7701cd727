/* Fails without a word. */
#include <weir/weir.h>
#define SIN "no_message"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)next, (void)error;
  return WEIR_INTERNAL;
}
#include "bad_plugin.h"
