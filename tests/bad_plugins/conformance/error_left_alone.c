/* Tells an error, and succeeds. */
#define SIN "error_left_alone"
#define PROCESSING weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DATA, "expected nothing")
#include "sin_transformer.h"
