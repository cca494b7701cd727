/* Tells in its traits which build of the library answers it, and how often that has been asked. */
#include <weir/weir.h>
#define SIN_TRAITS tells
int tiny_version(void);
static weir_status tells(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->preferred_rows = (uint64_t)tiny_version();
  return WEIR_OK;
}
#include "bad_plugin.h"
