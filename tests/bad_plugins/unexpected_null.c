/* Pushes a null in a column that has none, by its schema. */
#include "bad_rows.h"
#define SIN "unexpected_null"
#define SIN_CREATE sin_tells
#define SIN_PROCESS sins
SIN_TELLS("l", 0)
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  static const int64_t values[4] = {1, 2, 3, 4};
  static const uint8_t validity[8] = {0x0D};
  static const void* buffers[2] = {validity, values};
  (void)self, (void)input, (void)batch, (void)error;
  struct ArrowArray column = column_of(4, 1, buffers, 2);
  return push_rows(next, 4, &column);
}
#include "bad_plugin.h"
