/* Copies a text into too little room. */
#define SIN "hostile_options"
#define SCHEMA "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"o\"],\"properties\":{\"o\":{\"type\":\"string\",\"description\":\"A text.\",\"examples\":[\"a\"]}}}"
#include <stdlib.h>
#include <weir/weir.h>
static void copy(const struct weir_config *config) {
  if (config->text(config, weir_text("/o")).length > 1024) abort(); /* as the canary would */
}
#define CREATING copy(context->config)
#include "sin_transformer.h"
