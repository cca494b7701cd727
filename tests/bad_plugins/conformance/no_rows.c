/* Fails without a row. */
#define SIN "no_rows"
#include <weir/weir.h>
static int seen;
static weir_status flush(void *self, uint64_t input, int32_t why, const struct weir_next *next, struct weir_error *error) {
  (void)self, (void)input, (void)why, (void)next;
  return seen ? WEIR_OK : weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DATA, "expected a row");
}
#define FLUSH flush
#define CREATING seen = 0
#define PROCESSING seen |= batch->rows.length > 0
#include "sin_transformer.h"
