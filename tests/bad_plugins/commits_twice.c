/* A loader that decides itself, and commits each epoch twice: what it holds then is one epoch ahead. It says that it does not
 * know how the commit went, so that it is asked. */
#include <weir/weir.h>
#define SIN "commits_twice"
#define SIN_KIND WEIR_KIND_LOADER
#define SIN_KIND_NAME "loader"
#define SIN_CREATE NULL
#define SIN_PROCESS NULL
#define SIN_TABLE &twice_loader

static uint64_t held;

static weir_status twice_open(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                              const struct weir_string* streams, uint64_t count, const struct weir_schema_sink* stored,
                              void** self, struct weir_error* error) {
  struct weir_string only = {"", 0};
  (void)context, (void)streams, (void)count, (void)error;
  *self = NULL;
  return stored->same(stored, only, inputs[0]);
}

static weir_status twice_write(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                               struct weir_error* error) {
  (void)self, (void)input, (void)batch, (void)next, (void)error;
  return WEIR_OK;
}

static weir_status twice_prepare(void* self, uint64_t epoch, const struct weir_sink* committable,
                                 struct weir_receipt* const* receipts, uint64_t count, struct weir_error* error) {
  (void)self, (void)epoch, (void)committable, (void)receipts, (void)count, (void)error;
  return WEIR_OK;
}

static weir_status twice_commit(void* self, uint64_t epoch, struct weir_error* error) {
  (void)self;
  held = epoch + 1;
  return weir_fail(error, WEIR_UNKNOWN, WEIR_FAULT_DESTINATION, "expected an answer to the commit, found none");
}

static void twice_close(void* self) { (void)self; }

static weir_status twice_open_committer(const struct weir_context* context, void** self, struct weir_error* error) {
  (void)context, (void)error;
  *self = NULL;
  return WEIR_OK;
}

static weir_status twice_last_committed(void* self, uint64_t* epoch, struct weir_error* error) {
  (void)self, (void)error;
  *epoch = held;
  return WEIR_OK;
}

static const struct weir_writer twice_writer = {sizeof twice_writer, twice_write, twice_prepare,
                                                twice_close,         twice_commit, NULL};
static const struct weir_committer twice_committer = {
    sizeof twice_committer, twice_open_committer, twice_close, twice_last_committed, NULL, NULL, NULL, NULL};
static const struct weir_loader twice_loader = {sizeof twice_loader, NULL, twice_open, &twice_writer, &twice_committer};
#include "bad_plugin.h"
