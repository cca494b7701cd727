/* Nothing is wrong with it. */
#define SIN "right_codec"
#include "sin_codec.h"
