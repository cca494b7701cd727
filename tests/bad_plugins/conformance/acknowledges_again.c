/* Can forget a position once. */
#define SIN "acknowledges_again"
#include "sin_rows.h"
static weir_status once(void *self, struct weir_bytes position, struct weir_error *error) {
  static int asked;
  (void)self, (void)position;
  return asked++ == 0 ? WEIR_OK : weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_SOURCE, "expected a position that is not forgotten");
}
#define ACKNOWLEDGE once
#include "sin_extractor.h"
