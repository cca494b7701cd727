/* Can be opened once at a time. */
#define SIN "opens_twice"
static int opened;
#define OPENING \
  if (opened++ > 0) return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_PLUGIN, "expected to be opened once")
#define CLOSING opened = 0
#include "sin_transformer.h"
