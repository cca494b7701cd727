/* Crashes when it reads: writes to where nothing is. */
#include <weir/weir.h>
#define SIN "crashes_at_read"
#define SIN_READ sins
static weir_status sins(void* self, int64_t deadline, const struct weir_next* next, int32_t* outcome,
                        struct weir_error* error) {
  int* volatile nowhere = (int*)8;
  (void)self, (void)deadline, (void)next, (void)outcome, (void)error;
  *nowhere = 1;
  return WEIR_OK;
}
#include "bad_reader.h"
