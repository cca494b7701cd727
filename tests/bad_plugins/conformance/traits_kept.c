/* Promises to commit in one step, and has no commit(). */
#define SIN "traits_kept"
#include <stdlib.h>
#include "sin_rows.h"
#define KIND WEIR_KIND_LOADER
#define KIND_NAME "loader"

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->commit = WEIR_COMMIT_ATOMIC;
  return WEIR_OK;
}
static weir_status open_writer(const struct weir_context *context, const struct ArrowSchema *const *inputs, const struct weir_string *streams,
                               uint64_t count, const struct weir_schema_sink *stored, void **self, struct weir_error *error) {
  struct weir_string only = {"", 0};
  (void)context, (void)streams, (void)count, (void)error;
  *self = NULL;
  return stored->same(stored, only, inputs[0]);
}
static weir_status write_rows(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  (void)self, (void)input, (void)batch, (void)next, (void)error;
  return WEIR_OK;
}
static weir_status prepare(void *self, uint64_t epoch, const struct weir_sink *committable, struct weir_receipt *const *receipts, uint64_t count,
                           struct weir_error *error) {
  (void)self, (void)epoch, (void)committable, (void)receipts, (void)count, (void)error;
  return WEIR_OK;
}
static const struct weir_writer writer = {sizeof writer, write_rows, prepare, free, NULL, NULL};
static const struct weir_loader sin_table = {sizeof sin_table, traits, open_writer, &writer, NULL};
#include "sin_plugin.h"
