/* Passes its rows on, and never comes back from the end of its instance. */
#include <unistd.h>

#include <weir/weir.h>
#define SIN "hangs_at_close"
#define SIN_DESTROY sins
static void sins(void* self) {
  (void)self;
  while (pause() != 0) {
  }
}
#include "bad_plugin.h"
