/* A transformer that passes its rows on. CREATE, PROCESS, DESTROY, TRAITS, FLUSH, CANCEL: functions of its own; CREATING,
 * PROCESSING, DESTROYING: what is done first in the usual ones. */
#include <stdlib.h>
#include "sin_rows.h"
#define KIND WEIR_KIND_TRANSFORMER
#define KIND_NAME "transformer"

#ifndef CREATING
#define CREATING
#endif
#ifndef PROCESSING
#define PROCESSING
#endif
#ifndef DESTROYING
#define DESTROYING
#endif
#ifndef TRAITS
#define TRAITS NULL
#endif
#ifndef FLUSH
#define FLUSH NULL
#endif
#ifndef CANCEL
#define CANCEL NULL
#endif

#ifndef CREATE
#define CREATE sin_create
static weir_status sin_create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                              const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs, void **self,
                              struct weir_error *error) {
  struct weir_string only = {"", 0};
  (void)context, (void)names, (void)count, (void)error;
  *self = NULL;
  CREATING;
  return outputs->same(outputs, only, inputs[0]);
}
#endif
#ifndef PROCESS
#define PROCESS sin_process
static weir_status sin_process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                               struct weir_error *error) {
  (void)self, (void)input, (void)batch, (void)error;
  PROCESSING;
  return next->select(next, 0, NULL, 0);
}
#endif
#ifndef DESTROY
#define DESTROY sin_destroy
static void sin_destroy(void *self) {
  (void)self;
  DESTROYING;
}
#endif
#ifndef TABLE
static const struct weir_transformer sin_table = {sizeof sin_table, TRAITS, CREATE, PROCESS, DESTROY, FLUSH, CANCEL};
#endif
#include "sin_plugin.h"
