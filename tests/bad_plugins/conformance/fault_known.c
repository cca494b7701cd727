/* Tells a fault that there is not. */
#define SIN "fault_known"
#define PROCESSING return weir_fail(error, WEIR_INTERNAL, 99, "expected a fault")
#include "sin_transformer.h"
