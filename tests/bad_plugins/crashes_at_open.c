/* Crashes when an instance is made: abort(). */
#include <stdlib.h>

#include <weir/weir.h>
#define SIN "crashes_at_open"
#define SIN_CREATE sins
static weir_status sins(const struct weir_context* context, const struct ArrowSchema* const* inputs,
                        const struct weir_string* names, uint64_t count, const struct weir_schema_sink* outputs,
                        void** self, struct weir_error* error) {
  (void)context, (void)inputs, (void)names, (void)count, (void)outputs, (void)self, (void)error;
  abort();
}
#include "bad_plugin.h"
