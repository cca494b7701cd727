/* Takes back the buffers of what it pushed when it ends. */
#define SIN "rows_outlive_instance"
#include "sin_rows.h"
#define CREATING return tell(outputs, "l")
static struct weir_batch shared(int64_t count);
static int64_t kept[256];
static int64_t made;
static struct weir_batch shared(int64_t count) {
  struct weir_batch batch = numbers(0, count);
  struct owned_rows *owned = batch.rows.private_data;
  int64_t i;
  for (i = 0; i < count; i++) kept[(made + i) % 256] = i;
  owned->buffers[1] = kept + made % 256;
  return batch;
}
#define PROCESSING                                          \
  struct weir_batch batch_out = shared(batch->rows.length); \
  return next->push(next, 0, &batch_out)
#define DESTROYING memset(kept, 1, sizeof kept)
#include "sin_transformer.h"
