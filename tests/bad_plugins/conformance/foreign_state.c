/* Trusts an item. */
#define SIN "foreign_state"
#define RESTORING \
  if (value.length != 1) abort()
#include "sin_state.h"
