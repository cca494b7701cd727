/* Keeps what it was lent to push with, and uses it when its instance ends. */
#include <weir/weir.h>
#define SIN "pushes_late"
#define SIN_PROCESS sins
#define SIN_DESTROY sins_again
static const struct weir_next* kept;
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)error;
  kept = next;
  return next->select(next, 0, NULL, 0);
}

static void sins_again(void* self) {
  (void)self;
  if (kept != NULL) kept->select(kept, 0, NULL, 0);
  kept = NULL;
}
#include "bad_plugin.h"
