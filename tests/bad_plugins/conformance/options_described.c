/* Does not describe its option. */
#define SIN "options_described"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"o\":{\"type\":\"string\",\"examples\":[\"a\"]}}}"
#include "sin_transformer.h"
