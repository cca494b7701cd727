/* Replaces whatever is there. */
#define SIN "replaces_once"
#define COMPARES 0
#include "sin_storage.h"
