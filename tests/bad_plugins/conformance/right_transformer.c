/* Nothing is wrong with it. */
#define SIN "right_transformer"
#include "sin_transformer.h"
