/* Has an example that it refuses. */
#define SIN "examples_accepted"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"o\":{\"type\":\"integer\",\"description\":\"Odd.\",\"examples\":[\"a\"]}}}"
#include "sin_transformer.h"
