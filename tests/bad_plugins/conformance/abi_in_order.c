/* Needs a newer ABI than it was built with. */
#define SIN "abi_in_order"
#define NEEDS "1.1"
#include "sin_transformer.h"
