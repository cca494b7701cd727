/* Expects its items in the order in which it told them. */
#define SIN "state_any_order"
#define RESTORING                                                                                                   \
  if (low && counter->restored == 0)                                                                                \
  return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_DATA, "expected the high byte first, found the low one")
#include "sin_state.h"
