/* Pushes a column without values. */
#include "bad_rows.h"
#define SIN "null_buffer"
#define SIN_CREATE sin_tells
#define SIN_PROCESS sins
SIN_TELLS("l", ARROW_FLAG_NULLABLE)
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  static const void* buffers[2];
  (void)self, (void)input, (void)batch, (void)error;
  struct ArrowArray column = column_of(4, 0, buffers, 2);
  return push_rows(next, 4, &column);
}
#include "bad_plugin.h"
