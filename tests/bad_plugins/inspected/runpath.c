/* Needs a library that it looks for beside itself, by DT_RUNPATH. */
#include <weir/weir.h>
#define SIN "runpath"
int weir_gone(void);
static weir_status opens(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  return weir_gone() == 1 ? WEIR_OK : WEIR_INTERNAL;
}
#define SIN_OPEN opens
#include "bad_plugin.h"
