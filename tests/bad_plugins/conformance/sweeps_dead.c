/* Leaves what dead writers staged. */
#define SIN "sweeps_dead"
#define SWEEPING return WEIR_OK
#include "sin_storage.h"
