/* Pushes text whose offsets descend, between good ends. */
#include "bad_rows.h"
#define SIN "descending_offsets"
#define SIN_CREATE sin_tells
#define SIN_PROCESS sins
SIN_TELLS("u", ARROW_FLAG_NULLABLE)
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  static const int32_t offsets[3] = {0, 1073741824, 4};
  static const void* buffers[3] = {NULL, offsets, "abcd"};
  (void)self, (void)input, (void)batch, (void)error;
  struct ArrowArray column = column_of(2, 0, buffers, 3);
  return push_rows(next, 2, &column);
}
#include "bad_plugin.h"
