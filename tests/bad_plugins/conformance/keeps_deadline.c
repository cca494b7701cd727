/* Waits longer than its deadline. */
#define SIN "keeps_deadline"
#include <unistd.h>
#define UNBOUNDED 1
#define READING             \
  sleep(3);                 \
  *outcome = WEIR_READ_IDLE; \
  return WEIR_OK
#include "sin_extractor.h"
