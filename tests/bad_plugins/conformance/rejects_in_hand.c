/* Rejects a row that is not there. */
#define SIN "rejects_in_hand"
#define PROCESSING              \
  struct weir_reject reject; \
  weir_reject_clear(&reject); \
  reject.row = batch->rows.length; \
  reject.reason = weir_text("odd"); \
  if (batch->rows.length > 0) return next->reject(next, &reject)
#include "sin_transformer.h"
