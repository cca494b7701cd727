/* Pushes good values in a buffer that is not aligned. */
#include "bad_rows.h"
#define SIN "misaligned"
#define SIN_CREATE sin_tells
#define SIN_PROCESS sins
SIN_TELLS("l", ARROW_FLAG_NULLABLE)
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  static uint64_t space[5];
  static const void* buffers[2];
  uint8_t* bytes = (uint8_t*)space + 4;
  for (size_t i = 0; i < 32; i++) bytes[i] = i % 8 == 0 ? (uint8_t)(i / 8 + 1) : 0;
  buffers[1] = bytes;
  (void)self, (void)input, (void)batch, (void)error;
  struct ArrowArray column = column_of(4, 0, buffers, 2);
  return push_rows(next, 4, &column);
}
#include "bad_plugin.h"
