/* Links a library that is not there when it is loaded. */
#include <weir/weir.h>
#define SIN "unresolved_library"
#define SIN_OPEN uses
int weir_gone(void);
static weir_status uses(const struct weir_host* host, struct weir_error* error) {
  (void)host, (void)error;
  return weir_gone() == 1 ? WEIR_OK : WEIR_INTERNAL;
}
#include "bad_plugin.h"
