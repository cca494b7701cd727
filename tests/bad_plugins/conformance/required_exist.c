/* Requires what is none of its options. */
#define SIN "required_exist"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"gone\"],\"properties\":{}}"
#include "sin_transformer.h"
