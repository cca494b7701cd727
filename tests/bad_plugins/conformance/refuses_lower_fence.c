/* Does not look at fences. */
#define SIN "refuses_lower_fence"
#define REFUSES 0
#include "sin_atomic.h"
