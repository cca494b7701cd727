/* Takes options that it does not know. */
#define SIN "schema_closed"
#define SCHEMA "{\"type\":\"object\",\"properties\":{}}"
#include "sin_transformer.h"
