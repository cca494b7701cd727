/* Writes to the rows that it was lent, then passes them on. */
#include <string.h>

#include <weir/weir.h>
#define SIN "writes_lent"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  const void* lent = batch->rows.children[0]->buffers[1];
  void* buffer;
  (void)self, (void)input, (void)error;
  memcpy(&buffer, &lent, sizeof buffer);
  ((int64_t*)buffer)[batch->rows.children[0]->offset] += 1000;
  return next->select(next, 0, NULL, 0);
}
#include "bad_plugin.h"
