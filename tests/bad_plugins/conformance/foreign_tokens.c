/* Trusts a token. */
#define SIN "foreign_tokens"
#include <stdlib.h>
#define OPENED \
  if (split->token.length != 5) abort()
#include "sin_extractor.h"
