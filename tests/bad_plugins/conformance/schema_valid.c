/* Has an option of a type that there is not. */
#define SIN "schema_valid"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"o\":{\"type\":\"strnig\",\"description\":\"Odd.\",\"examples\":[\"a\"]}}}"
#include "sin_transformer.h"
