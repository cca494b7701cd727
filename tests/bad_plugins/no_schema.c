/* Tells no schema. */
#include <weir/weir.h>
#define SIN "no_schema"
#define SIN_CREATE sins
static weir_status sins(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                        const struct weir_string* names, uint64_t count, const struct weir_schema_sink* outputs,
                        void** self, struct weir_error* error) {
  (void)context, (void)inputs, (void)names, (void)count, (void)outputs, (void)error;
  *self = NULL;
  return WEIR_OK;
}
#include "bad_plugin.h"
