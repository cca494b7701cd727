/* Nothing is wrong with it. */
#define SIN "right_format"
#include "sin_format.h"
