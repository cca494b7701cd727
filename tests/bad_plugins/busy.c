/* Says eight times that it is busy, then reads four rows. */
#include "bad_rows.h"
#define SIN "busy"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  static const int64_t values[] = {1, 2, 3, 4};
  static const void* buffers[] = {NULL, values};
  static int asked;
  struct ArrowArray column = column_of(4, 0, buffers, 2);
  (void)self, (void)deadline;
  if (asked++ < 8) return weir_fail(error, WEIR_UNAVAILABLE, WEIR_FAULT_SOURCE, "expected an answer, found it busy");
  *outcome = WEIR_READ_END;
  return push_rows(next, 4, &column);
}
#include "bad_reader.h"
