/* Changes its descriptor when it is opened. */
#define SIN "descriptor_constant"
#include <weir/weir.h>
static weir_status opens(const struct weir_host *host, struct weir_error *error);
#define OPEN opens
#define MUTABLE
#include "sin_transformer.h"
static weir_status opens(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  sin_component.reserved++;
  return WEIR_OK;
}
