/* Nothing is wrong with it. */
#define SIN "right_connection"
#include "sin_connection.h"
