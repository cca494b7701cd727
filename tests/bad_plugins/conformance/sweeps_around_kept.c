/* Removes what it is to keep. */
#define SIN "sweeps_around_kept"
#define SWEEPING count = 0
#include "sin_storage.h"
