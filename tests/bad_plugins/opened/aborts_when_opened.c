/* Crashes in open(). */
#include <stdlib.h>

#include <weir/weir.h>
#define SIN "aborts_when_opened"
#define SIN_OPEN sins
static weir_status sins(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  abort();
}
#include "bad_plugin.h"
