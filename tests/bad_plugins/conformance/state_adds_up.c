/* Tells its state once, and not what has changed since. */
#define SIN "state_adds_up"
#define SNAPPING \
  if (counter->snapshots > 1) return WEIR_OK
#include "sin_state.h"
