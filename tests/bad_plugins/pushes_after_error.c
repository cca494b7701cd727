/* Is told that a push failed, says so, and goes on to push all the same. */
#include <weir/weir.h>
#define SIN "pushes_after_error"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  weir_status failed = next->select(next, 7, NULL, 0);
  (void)self, (void)input, (void)batch;
  next->select(next, 0, NULL, 0);
  next->drop(next, 1000, weir_text("none"));
  return weir_fail(error, failed, WEIR_FAULT_DATA, "expected rows, found none");
}
#include "bad_plugin.h"
