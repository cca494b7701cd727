/* Pushes a column that is too short. */
#define SIN "rows_fit_schema"
#include "sin_rows.h"
#define CREATING return tell(outputs, "l")
#define PROCESSING                                           \
  struct weir_batch made = numbers(0, batch->rows.length); \
  struct owned_rows *owned = made.rows.private_data;       \
  owned->column.length--; \
  return next->push(next, 0, &made)
#include "sin_transformer.h"
