/* Keeps more of its own than a run has memory for, and says so. */
#include "bad_rows.h"

#include <weir/ext/memory.h>

#define SIN "reserves_too_much"
#define SIN_CREATE sins
static weir_status sins(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                        const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                        void **self, struct weir_error *error) {
  const struct weir_memory *memory = context->host->extension(context->host, weir_text(WEIR_MEMORY));
  (void)inputs, (void)names, (void)count, (void)outputs;
  *self = NULL;
  return memory->reserve(context->host, INT64_C(1) << 40, error);
}
#include "bad_plugin.h"
