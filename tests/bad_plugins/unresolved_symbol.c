/* Calls a function that no library has. */
#include <weir/weir.h>
#define SIN "unresolved_symbol"
#define SIN_OPEN uses
int weir_nowhere_to_be_found(void);
static weir_status uses(const struct weir_host* host, struct weir_error* error) {
  (void)host, (void)error;
  return weir_nowhere_to_be_found() == 1 ? WEIR_OK : WEIR_INTERNAL;
}
#include "bad_plugin.h"
