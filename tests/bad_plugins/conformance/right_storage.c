/* Nothing is wrong with it. */
#define SIN "right_storage"
#include "sin_storage.h"
