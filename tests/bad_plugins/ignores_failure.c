/* Goes on after push failed, and says that all is well. */
#include <weir/weir.h>
#define SIN "ignores_failure"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  for (int i = 0; i < 3; i++) next->select(next, 7, NULL, 0);
  (void)self, (void)input, (void)batch, (void)error;
  return WEIR_OK;
}
#include "bad_plugin.h"
