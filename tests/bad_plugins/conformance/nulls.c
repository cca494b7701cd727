/* Does not stand a column of nulls. */
#define SIN "nulls"
#include <stdlib.h>
#define PROCESSING                                                                                       \
  int64_t i;                                                                                             \
  for (i = 0; i < batch->rows.n_children; i++) {                                                         \
    const struct ArrowArray *column = batch->rows.children[i];                                           \
    if (column->length > 0 && column->null_count == column->length && batch->rows.length > 10) abort();  \
  }
#include "sin_transformer.h"
