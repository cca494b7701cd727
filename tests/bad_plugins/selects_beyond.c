/* Selects a row that the batch does not have. */
#include <weir/weir.h>
#define SIN "selects_beyond"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  uint32_t row = (uint32_t)batch->rows.length;
  (void)self, (void)input, (void)error;
  return next->select(next, 0, &row, 1);
}
#include "bad_plugin.h"
