/* Has a default that it refuses. */
#define SIN "defaults_accepted"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"o\":{\"type\":\"integer\",\"minimum\":5,\"default\":1,\"description\":\"Odd.\",\"examples\":[7]}}}"
#include "sin_transformer.h"
