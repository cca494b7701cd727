/* Says nothing of itself in its descriptor. */
#define SIN "about_same"
#define ABOUT "{}"
#include "sin_transformer.h"
