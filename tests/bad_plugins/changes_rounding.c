/* Leaves another rounding mode behind. */
#include <fenv.h>
#include <weir/weir.h>
#define SIN "changes_rounding"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)error;
  fesetround(FE_UPWARD);
  return next->select(next, 0, NULL, 0);
}
#include "bad_plugin.h"
