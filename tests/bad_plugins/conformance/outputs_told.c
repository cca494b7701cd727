/* Names an output that it did not tell. */
#define SIN "outputs_told"
#define PROCESSING return next->select(next, 7, NULL, 0)
#include "sin_transformer.h"
