/* Reads four rows, and crashes when it is closed: an instruction that is none. */
#include "bad_rows.h"
#define SIN "crashes_at_close"
#define SIN_READ sins
#define SIN_CLOSE_READER sin_crash
static void sin_crash(void* self) {
  (void)self;
  __builtin_trap();
}

static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  static const int64_t values[] = {1, 2, 3, 4};
  static const void* buffers[] = {NULL, values};
  struct ArrowArray column = column_of(4, 0, buffers, 2);
  (void)self, (void)deadline, (void)error;
  *outcome = WEIR_READ_END;
  return push_rows(next, 4, &column);
}
#include "bad_reader.h"
