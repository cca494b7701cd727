/* Drops the first row of each batch. */
#define SIN "any_batches"
#define PROCESSING                                                                                   \
  uint32_t rows[256], i;                                                                             \
  weir_status status;                                                                                \
  if (batch->rows.length == 0) return WEIR_OK;                                                       \
  for (i = 1; i < (uint32_t)batch->rows.length; i++) rows[i - 1] = i;                                \
  status = next->drop(next, 1, weir_text("first"));                                                  \
  return status != WEIR_OK ? status : next->select(next, 0, rows, (uint64_t)batch->rows.length - 1)
#include "sin_transformer.h"
