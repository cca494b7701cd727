/* Promises something else each time. */
#define SIN "traits_pure"
#include <weir/weir.h>
static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  static int asked;
  (void)config, (void)error;
  traits->scope = asked++ % 2;
  return WEIR_OK;
}
#define TRAITS traits
#include "sin_transformer.h"
