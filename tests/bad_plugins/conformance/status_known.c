/* Returns a status that there is not. */
#define SIN "status_known"
#define PROCESSING return 4711
#include "sin_transformer.h"
