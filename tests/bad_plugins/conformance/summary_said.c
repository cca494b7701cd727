/* Does not describe itself. */
#define SIN "summary_said"
#define DESCRIPTION ""
#include "sin_transformer.h"
