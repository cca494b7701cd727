/* Rejects a row without a reason. */
#define SIN "rejects_say_why"
#define PROCESSING              \
  struct weir_reject reject; \
  weir_reject_clear(&reject); \
  reject.row = 0; \
  (void)0; \
  if (batch->rows.length > 0) return next->reject(next, &reject)
#include "sin_transformer.h"
