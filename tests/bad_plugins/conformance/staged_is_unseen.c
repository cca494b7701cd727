/* Writes to the object's own name. */
#define SIN "staged_is_unseen"
#define FROM name
#include "sin_storage.h"
