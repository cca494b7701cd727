/* Can commit an object once. */
#define SIN "object_committed_again"
#define COMMITTING \
  if (access(staged, F_OK) != 0) return missing(error)
#include "sin_storage.h"
