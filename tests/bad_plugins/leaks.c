/* Takes the rows of each batch, and forgets them. */
#include <weir/weir.h>
#define SIN "leaks"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  weir_status selected = next->select(next, 0, NULL, 0);
  (void)self, (void)input, (void)error;
  batch->rows.release = NULL;
  return selected;
}
#include "bad_plugin.h"
