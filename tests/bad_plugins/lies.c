/* A loader that says it has one row more than it got. */
#include <weir/weir.h>
#define SIN "lies"
#define SIN_KIND WEIR_KIND_LOADER
#define SIN_KIND_NAME "loader"
#define SIN_CREATE NULL
#define SIN_PROCESS NULL
#define SIN_TABLE &lies_loader

static int64_t got;

static weir_status lies_open(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                             const struct weir_string* streams, uint64_t count, const struct weir_schema_sink* stored,
                             void** self, struct weir_error* error) {
  struct weir_string only = {"", 0};
  (void)context, (void)streams, (void)count, (void)error;
  *self = NULL;
  return stored->same(stored, only, inputs[0]);
}

static weir_status lies_write(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                              struct weir_error* error) {
  (void)self, (void)input, (void)next, (void)error;
  got += batch->rows.length;
  return WEIR_OK;
}

static weir_status lies_prepare(void* self, uint64_t epoch, const struct weir_sink* committable,
                                struct weir_receipt* const* receipts, uint64_t count, struct weir_error* error) {
  (void)self, (void)epoch, (void)committable, (void)count, (void)error;
  receipts[0]->rows = got + 1;
  return WEIR_OK;
}

static void lies_close(void* self) { (void)self; }

static const struct weir_writer lies_writer = {sizeof lies_writer, lies_write, lies_prepare, lies_close, NULL, NULL};
static const struct weir_loader lies_loader = {sizeof lies_loader, NULL, lies_open, &lies_writer, NULL};
#include "bad_plugin.h"
