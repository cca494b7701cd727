/* Refuses what the kit tries it with, and says nothing else. */
#define SIN "sample_works"
#define CREATING \
  return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, "expected a column 'y'")
#include "sin_transformer.h"
