/* Writes an 8 for a 7. */
#define SIN "round_trip"
#define ENCODED value == 7 ? 8 : value
#include "sin_format.h"
