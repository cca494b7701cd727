/* Tells origins that are no rows in hand. */
#define SIN "origins_in_hand"
#include "sin_rows.h"
#define CREATING return tell(outputs, "l")
static void release_nothing(struct ArrowArray *array) { array->release = NULL; }
static const uint32_t beyond[256] = {1000000};
static const void *origin_buffers[] = {NULL, beyond};
static struct ArrowArray origins_of(int64_t count) {
  struct ArrowArray made = {count, 0, 0, 2, 0, origin_buffers, NULL, NULL, release_nothing, NULL};
  return made;
}
#define PROCESSING                                           \
  struct weir_batch made = numbers(0, batch->rows.length); \
  struct owned_rows *owned = made.rows.private_data;       \
  (void)owned; made.origins = origins_of(made.rows.length); \
  return next->push(next, 0, &made)
#include "sin_transformer.h"
