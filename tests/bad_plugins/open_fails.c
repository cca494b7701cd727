/* Its open() fails, with a message and a cure. */
#include <weir/weir.h>
#define SIN "open_fails"
#define SIN_OPEN fails
static weir_status fails(const struct weir_host* host, struct weir_error* error) {
  (void)host;
  weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_MANIFEST, "expected a licence, found none");
  error->hint[0] = 'b', error->hint[1] = 'u', error->hint[2] = 'y', error->hint[3] = 0;
  return WEIR_FAILED_PRECONDITION;
}
#include "bad_plugin.h"
