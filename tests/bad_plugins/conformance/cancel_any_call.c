/* Fails when it is cancelled. */
#define SIN "cancel_any_call"
#include <weir/weir.h>
static int cancelled;
static void cancel(void *self) {
  (void)self;
  cancelled = 1;
}
#define CANCEL cancel
#define CREATING cancelled = 0
#define PROCESSING \
  if (cancelled) return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_PLUGIN, "expected to go on")
#include "sin_transformer.h"
