/* Pushes text that is not UTF-8. */
#include "bad_rows.h"
#define SIN "invalid_utf8"
#define SIN_CREATE sin_tells
#define SIN_PROCESS sins
SIN_TELLS("u", ARROW_FLAG_NULLABLE)
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  static const int32_t offsets[3] = {0, 2, 4};
  static const void* buffers[3] = {NULL, offsets, "ab\xFFz"};
  (void)self, (void)input, (void)batch, (void)error;
  struct ArrowArray column = column_of(2, 0, buffers, 3);
  return push_rows(next, 2, &column);
}
#include "bad_plugin.h"
