/* Tells an outcome that there is not. */
#define SIN "outcome_known"
#define READING \
  *outcome = 9; \
  return WEIR_OK
#include "sin_extractor.h"
