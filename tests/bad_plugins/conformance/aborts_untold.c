/* Leaves what it was not told of. */
#define SIN "aborts_untold"
#define UNTOLD 0
#include "sin_loader.h"
