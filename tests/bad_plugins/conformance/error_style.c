/* Tells a message in another style. */
#define SIN "error_style"
#define PROCESSING return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DATA, "Something went wrong.")
#include "sin_transformer.h"
