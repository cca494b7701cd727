/* Can't be ended before it had a batch. */
#define SIN "ends_early"
#include <stdlib.h>
static int processed;
#define CREATING processed = 0
#define PROCESSING processed = 1
#define DESTROYING \
  if (!processed) abort()
#include "sin_transformer.h"
