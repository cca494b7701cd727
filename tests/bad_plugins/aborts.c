/* Says after its rows, the first two times that they are read, that the epoch they belong to is lost. */
#include "bad_rows.h"
#define SIN "aborts"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  static const int64_t values[] = {1, 2, 3, 4};
  static const void* buffers[] = {NULL, values};
  static int readings;
  struct ArrowArray column = column_of(4, 0, buffers, 2);
  weir_status pushed;
  (void)self, (void)deadline;
  *outcome = WEIR_READ_END;
  pushed = push_rows(next, 4, &column);
  if (pushed != WEIR_OK || readings++ == 2) return pushed;
  return weir_fail(error, WEIR_ABORTED, WEIR_FAULT_SOURCE, "expected the session to go on, found it gone");
}
#include "bad_reader.h"
