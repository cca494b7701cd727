/* No sin: a transformer of scope run, which sees all rows in one instance. It rejects each of the first three rows that it
 * sees of a run, and fails if a second instance gets rows. */
#include <weir/weir.h>
#define SIN "counts_all"
#define SIN_PROCESS counts
#define SIN_TRAITS count_traits
#define SIN_CREATE count_create

struct counter {
  int64_t seen;
};
static struct counter instances[64];
static int made;
static struct counter* first;

static weir_status count_traits(const struct weir_config* config, struct weir_traits* traits, struct weir_error* error) {
  (void)config, (void)error;
  traits->scope = WEIR_SCOPE_RUN;
  return WEIR_OK;
}

static weir_status count_create(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                                const struct weir_string* names, uint64_t count, const struct weir_schema_sink* outputs,
                                void** self, struct weir_error* error) {
  struct weir_string only = {"", 0};
  (void)context, (void)names, (void)count, (void)error;
  *self = &instances[made++ % 64];
  return outputs->same(outputs, only, inputs[0]);
}

static weir_status counts(void* self, uint64_t input, struct weir_batch* batch, const struct weir_next* next,
                          struct weir_error* error) {
  struct counter* mine = self;
  struct weir_reject reject;
  uint32_t rows[1];
  (void)input;
  if (first == NULL) first = mine;
  if (first != mine) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "expected one instance, found a second");
  if (mine->seen >= 3) {
    mine->seen += batch->rows.length;
    return next->select(next, 0, NULL, 0);
  }
  for (int64_t i = 0; i < batch->rows.length; i++) {
    weir_status status = WEIR_OK;
    if (mine->seen++ < 3) {
      weir_reject_clear(&reject);
      reject.row = i;
      reject.reason = weir_text("one of the first three");
      status = next->reject(next, &reject);
    } else {
      rows[0] = (uint32_t)i;
      status = next->select(next, 0, rows, 1);
    }
    if (status != WEIR_OK) return status;
  }
  return WEIR_OK;
}
#include "bad_plugin.h"
