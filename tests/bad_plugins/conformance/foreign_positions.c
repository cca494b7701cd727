/* Trusts a position. */
#define SIN "foreign_positions"
#include <stdlib.h>
#define OPENED \
  if (position.length != 0 && position.length != 8) abort()
#include "sin_extractor.h"
