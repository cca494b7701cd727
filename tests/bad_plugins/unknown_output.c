/* Passes rows on to an output that it did not tell. */
#include <weir/weir.h>
#define SIN "unknown_output"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)error;
  return next->select(next, 7, NULL, 0);
}
#include "bad_plugin.h"
