/* Cuts before the end of a line. */
#define SIN "any_chunks"
#define CUT i
#include "sin_format.h"
