/* Rejects a row that the batch does not have. */
#include <weir/weir.h>
#define SIN "rejects_beyond"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  struct weir_reject reject;
  (void)self, (void)input, (void)error;
  weir_reject_clear(&reject);
  reject.row = batch->rows.length;
  reject.reason = weir_text("not here");
  return next->reject(next, &reject);
}
#include "bad_plugin.h"
