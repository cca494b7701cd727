/* Tells a message without an end. */
#define SIN "error_texts_end"
#include <string.h>
#define PROCESSING                                         \
  memset(error->message, 'x', sizeof error->message); \
  return WEIR_INTERNAL
#include "sin_transformer.h"
