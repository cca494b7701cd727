/* Fails without a message. */
#define SIN "error_says_what"
#define PROCESSING return WEIR_INTERNAL
#include "sin_transformer.h"
