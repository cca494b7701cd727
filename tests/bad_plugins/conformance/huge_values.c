/* Does not stand much text. */
#define SIN "huge_values"
#include <stdlib.h>
#define PROCESSING                                                                                                      \
  int64_t i;                                                                                                            \
  for (i = 0; i < batch->rows.n_children; i++) {                                                                        \
    const struct ArrowArray *column = batch->rows.children[i];                                                          \
    if (column->n_buffers == 3 && ((const int32_t *)column->buffers[1])[column->offset + column->length] > 1000000) abort(); \
  }
#include "sin_transformer.h"
