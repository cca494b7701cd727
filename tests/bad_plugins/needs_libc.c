/* Another control: nothing is wrong with it, and it uses the C library. */
#include <unistd.h>
#include <weir/weir.h>
#define SIN "needs_libc"
#define SIN_OPEN uses
static weir_status uses(const struct weir_host* host, struct weir_error* error) {
  (void)host, (void)error;
  return getpid() > 0 ? WEIR_OK : WEIR_INTERNAL;
}
#include "bad_plugin.h"
