/* Nothing is wrong with it. */
#define SIN "right_extractor"
#include "sin_extractor.h"
