/* Can be finished once. */
#define SIN "finishes_again"
static int finished;
#define FINISHING      \
  if (count > 0 && finished++ > 0) \
  return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DESTINATION, "expected to finish once")
#include "sin_loader.h"
