/* Reads good values into a buffer that is not aligned. */
#include "bad_rows.h"
#define SIN "unaligned_source"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  static uint64_t space[5];
  static const void* buffers[2];
  uint8_t* bytes = (uint8_t*)space + 3;
  for (size_t i = 0; i < 32; i++) bytes[i] = i % 8 == 0 ? (uint8_t)(i / 8 + 1) : 0;
  buffers[1] = bytes;
  (void)self, (void)deadline, (void)error;
  *outcome = WEIR_READ_END;
  struct ArrowArray column = column_of(4, 0, buffers, 2);
  return push_rows(next, 4, &column);
}
#include "bad_reader.h"
