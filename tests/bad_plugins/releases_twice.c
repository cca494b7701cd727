/* Releases the rows that it was lent, and a copy of them. */
#include <weir/weir.h>
#define SIN "releases_twice"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  struct ArrowArray copy = batch->rows;
  weir_status selected = next->select(next, 0, NULL, 0);
  (void)self, (void)input, (void)error;
  copy.release(&copy);
  batch->rows.release(&batch->rows);
  return selected;
}
#include "bad_plugin.h"
