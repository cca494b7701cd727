/* Is surer than can be. */
#define SIN "sniffs"
#define SNIFFED 200
#include "sin_format.h"
