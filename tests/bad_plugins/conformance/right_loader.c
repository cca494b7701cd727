/* Nothing is wrong with it. */
#define SIN "right_loader"
#include "sin_loader.h"
