/* Writes to the rows that it is lent. */
#define SIN "lent_rows_unwritten"
#include <stdint.h>
#define PROCESSING                                                              \
  if (batch->rows.length > 0 && batch->rows.n_children > 0)                     \
  ((uint8_t *)(uintptr_t)batch->rows.children[0]->buffers[1])[batch->rows.children[0]->offset * 8] ^= 1
#include "sin_transformer.h"
