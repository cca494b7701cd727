/* Pushes a buffer that is not aligned. */
#define SIN "buffers_aligned"
#include "sin_rows.h"
#define CREATING return tell(outputs, "l")
#define PROCESSING                                           \
  struct weir_batch made = numbers(0, batch->rows.length); \
  struct owned_rows *owned = made.rows.private_data;       \
  owned->column.length = made.rows.length = batch->rows.length > 0 ? batch->rows.length - 1 : 0; owned->buffers[1] = (const char *)owned->values + 1; \
  return next->push(next, 0, &made)
#include "sin_transformer.h"
