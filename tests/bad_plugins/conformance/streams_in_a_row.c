/* Reads one stream. */
#define SIN "streams_in_a_row"
#define AGAIN 0
#include "sin_codec.h"
