/* Has a component twice, and another that it promised not at all. */
#define SIN "same_name_twice"
#define SIN_INFO                                                                                               \
  "{\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"name\":\"same_name_twice\",\"version\":\"1.0.0\",\"components\":{" \
  "\"same_name_twice\":{\"kind\":\"transformer\"},\"other\":{\"kind\":\"transformer\"}}}"
#define SIN_COMPONENTS &sin_component, &sin_component
#include <weir/weir.h>
static const struct weir_component sin_component;
#include "bad_plugin.h"

static const struct weir_component sin_component = {
    sizeof sin_component, {SIN, sizeof SIN - 1}, {"{}", 2}, WEIR_KIND_TRANSFORMER, 0, SIN_TABLE, NULL};
