/* Tells no schema. */
#define SIN "tells_schema"
#define CREATING return WEIR_OK
#include "sin_transformer.h"
