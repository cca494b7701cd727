/* Says nothing in read(), for ever, and can't be cancelled. */
#include <unistd.h>

#include <weir/weir.h>

#include "tells_reading.h"
#define SIN "deaf"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  (void)self, (void)deadline, (void)next, (void)outcome, (void)error;
  tell_reading();
  while (pause() != 0) {
  }
  return WEIR_OK;
}
#include "bad_reader.h"
