/* Tells of an object now this, now that. */
#define SIN "tells_the_same"
#define TOLD_BYTES facts.st_size + 1
#include "sin_storage.h"
