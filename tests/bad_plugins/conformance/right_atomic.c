/* Nothing is wrong with it. */
#define SIN "right_atomic"
#include "sin_atomic.h"
