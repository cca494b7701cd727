/* Ends the process in open(), as if all were well. */
#include <unistd.h>

#include <weir/weir.h>
#define SIN "exits_when_opened"
#define SIN_OPEN sins
static weir_status sins(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  _exit(0);
}
#include "bad_plugin.h"
