/* Forgets its epochs. */
#define SIN "remembers_epoch"
#define LAST 0
#include "sin_atomic.h"
