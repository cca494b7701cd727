/* Sets an environment variable. */
#define _GNU_SOURCE
#define SIN "keeps_environment"
#include <stdlib.h>
#define CREATING setenv("SIN", "1", 1)
#include "sin_transformer.h"
