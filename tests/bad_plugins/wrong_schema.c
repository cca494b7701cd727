/* Says int64, and pushes text. */
#include "bad_rows.h"
#define SIN "wrong_schema"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  static const int32_t offsets[] = {0, 1, 2, 3, 4};
  static const void* buffers[] = {NULL, offsets, "abcd"};
  struct ArrowArray column = column_of(4, 0, buffers, 3);
  (void)self, (void)deadline, (void)error;
  *outcome = WEIR_READ_END;
  return push_rows(next, 4, &column);
}
#include "bad_reader.h"
