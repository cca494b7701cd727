/* Leaves what it is to abort. */
#define SIN "aborts_all"
#define ABORTING return WEIR_OK
#include "sin_loader.h"
