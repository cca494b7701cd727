/* Leaves an object that is aborted. */
#define SIN "object_aborted"
#define ABORTING return WEIR_OK
#include "sin_storage.h"
