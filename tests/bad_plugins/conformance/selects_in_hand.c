/* Selects a row that is not there. */
#define SIN "selects_in_hand"
#include <stdint.h>
static const uint32_t beyond[] = {1000000};
#define PROCESSING return next->select(next, 0, beyond, 1)
#include "sin_transformer.h"
