/* Loses rows. */
#define SIN "rows_balance"
#define PROCESSING return WEIR_OK
#include "sin_transformer.h"
