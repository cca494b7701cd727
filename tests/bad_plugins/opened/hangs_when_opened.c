/* Never comes back from open(). */
#include <unistd.h>

#include <weir/weir.h>
#define SIN "hangs_when_opened"
#define SIN_OPEN sins
static weir_status sins(const struct weir_host *host, struct weir_error *error) {
  (void)host, (void)error;
  while (pause() != 0) {
  }
  return WEIR_OK;
}
#include "bad_plugin.h"
