/* Passes every row on twice, though it says that each leaves once. */
#include <weir/weir.h>
#define SIN "doubles_rows"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  weir_status status = next->select(next, 0, NULL, 0);
  (void)self, (void)input, (void)batch, (void)error;
  return status != WEIR_OK ? status : next->select(next, 0, NULL, 0);
}
#include "bad_plugin.h"
