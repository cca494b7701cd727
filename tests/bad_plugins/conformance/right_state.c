/* Nothing is wrong with it. */
#define SIN "right_state"
#include "sin_state.h"
