/* Can't commit what another process prepared. */
#define SIN "commits_elsewhere"
#define COMMITTING           \
  if (committer->fence != 1) \
  return weir_fail(error, WEIR_INTERNAL, WEIR_FAULT_DESTINATION, "expected its own writer")
#include "sin_loader.h"
