/* Has another name in its descriptor than in its file. */
#define SIN "loads"
#define NAME "other"
#include "sin_transformer.h"
