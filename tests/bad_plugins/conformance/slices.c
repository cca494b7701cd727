/* Does not look at offsets. */
#define SIN "slices"
#include "sin_rows.h"
#define CREATING return tell(outputs, "l")
#define PROCESSING                                           \
  struct weir_batch made = numbers(0, batch->rows.length); \
  struct owned_rows *owned = made.rows.private_data;       \
  memcpy(owned->values, batch->rows.children[0]->buffers[1], (size_t)batch->rows.length * sizeof(int64_t)); \
  return next->push(next, 0, &made)
#include "sin_transformer.h"
