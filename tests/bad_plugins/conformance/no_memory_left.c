/* Loses memory. */
#define SIN "no_memory_left"
#include <stdlib.h>
static void *volatile lost;
#define CREATING lost = malloc(200)
#include "sin_transformer.h"
