/* Can be opened once in a process. */
#define _GNU_SOURCE
#define SIN "opens_again"
#include <stdlib.h>
static int refuses(void) {
  const int again = getenv("SIN_OPENED") != NULL;
  setenv("SIN_OPENED", "1", 1);
  return again;
}
#define OPENING \
  if (refuses()) return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_PLUGIN, "expected to be opened once")
#include "sin_transformer.h"
