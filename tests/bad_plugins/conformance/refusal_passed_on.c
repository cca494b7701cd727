/* Returns something else than what it was told. */
#define SIN "refusal_passed_on"
#define PROCESSING \
  if (next->select(next, 0, NULL, 0) != WEIR_OK) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "expected to go on"); \
  return WEIR_OK
#include "sin_transformer.h"
