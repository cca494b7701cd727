/* Pushes its rows with origins that the batch in hand does not have. */
#include "bad_rows.h"
#define SIN "origins_beyond"
#define SIN_PROCESS sins
static weir_status sins(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                        struct weir_error* error) {
  static const uint32_t places[4] = {0, 1, 2, 0x7FFFFFFF};
  static const void* buffers[2] = {NULL, places};
  struct weir_batch out;
  (void)self, (void)input, (void)error;
  weir_batch_clear(&out);
  out.rows = batch->rows;
  out.origins = column_of(4, 0, buffers, 2);
  batch->rows.release = NULL;
  return next->push(next, 0, &out);
}
#define SIN_CREATE sin_same
static weir_status sin_same(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                            const struct weir_string* names, uint64_t count, const struct weir_schema_sink* outputs,
                            void** self, struct weir_error* error) {
  struct weir_string only = {"", 0};
  (void)context, (void)names, (void)count, (void)error;
  *self = NULL;
  return outputs->same(outputs, only, inputs[0]);
}
#include "bad_plugin.h"
