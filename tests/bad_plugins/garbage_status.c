/* Returns a status that does not exist. */
#include <weir/weir.h>
#define SIN "garbage_status"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)next, (void)error;
  return 4711;
}
#include "bad_plugin.h"
