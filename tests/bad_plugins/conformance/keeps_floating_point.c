/* Changes the rounding mode. */
#define SIN "keeps_floating_point"
#include <fenv.h>
#define CREATING fesetround(FE_UPWARD)
#include "sin_transformer.h"
