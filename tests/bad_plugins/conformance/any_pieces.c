/* Takes its input to come at once. */
#define SIN "any_pieces"
#define READS 0
#include "sin_format.h"
