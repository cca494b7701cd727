/* Fails at a batch without rows. */
#define SIN "empty_batches"
#define PROCESSING \
  if (batch->rows.length == 0) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DATA, "expected rows")
#include "sin_transformer.h"
