/* Tells an outcome of read() that does not exist. */
#include <weir/weir.h>
#define SIN "unknown_outcome"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  (void)self, (void)deadline, (void)next, (void)error;
  *outcome = 4711;
  return WEIR_OK;
}
#include "bad_reader.h"
