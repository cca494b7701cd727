/* Has no word for what is not there. */
#define SIN "misses_what_is_not_there"
#define MISSING WEIR_INTERNAL
#include "sin_storage.h"
