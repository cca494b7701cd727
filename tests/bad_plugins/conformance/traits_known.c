/* Promises what the header does not have. */
#define SIN "traits_known"
#include <weir/weir.h>
static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->scope = 7;
  return WEIR_OK;
}
#define TRAITS traits
#include "sin_transformer.h"
