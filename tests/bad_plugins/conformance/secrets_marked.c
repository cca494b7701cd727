/* Does not mark its secret. */
#define SIN "secrets_marked"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"password\":{\"type\":\"string\",\"description\":\"A secret.\",\"examples\":[\"a\"]}}}"
#include "sin_transformer.h"
