/* Passes nothing on, and does not say that it dropped anything. */
#include <weir/weir.h>
#define SIN "loses_rows"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)next, (void)error;
  return WEIR_OK;
}
#include "bad_plugin.h"
