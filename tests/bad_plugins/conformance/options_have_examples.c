/* Has no example of its option. */
#define SIN "options_have_examples"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"o\":{\"type\":\"string\",\"description\":\"Odd.\"}}}"
#include "sin_transformer.h"
