/* Tells always the same version. */
#define SIN "replaced_is_new"
#define COUNTED 0
#include "sin_storage.h"
