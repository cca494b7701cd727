/* Tells a schema that was released. */
#include <weir/weir.h>
#define SIN "schema_released"
#define SIN_CREATE sins
static weir_status sins(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                        const struct weir_string* names, uint64_t count, const struct weir_schema_sink* outputs,
                        void** self, struct weir_error* error) {
  struct ArrowSchema schema = {"+s", "", NULL, 0, 0, NULL, NULL, NULL, NULL};
  struct weir_string only = {"", 0};
  (void)context, (void)inputs, (void)names, (void)count, (void)error;
  *self = NULL;
  return outputs->put(outputs, only, &schema);
}
#include "bad_plugin.h"
