/* Always begins at the start. */
#define SIN "restarts_anywhere_in_it"
#define AT 0
#include "sin_format.h"
