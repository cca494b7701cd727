/* Tells a message that is no text. */
#define SIN "error_texts_utf8"
#define PROCESSING return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DATA, "expected a text, got \xff")
#include "sin_transformer.h"
