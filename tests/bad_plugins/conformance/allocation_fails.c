/* Takes what malloc() gives for memory, whatever it is. */
#define SIN "allocation_fails"
#define CREATING *(volatile char *)(*self = malloc(16)) = 1
#define DESTROYING free(self)
#include "sin_transformer.h"
