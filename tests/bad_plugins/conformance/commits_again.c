/* Can commit once. */
#define SIN "commits_again"
#define COMMITTING              \
  if (access(name, F_OK) != 0) \
  return weir_fail(error, WEIR_NOT_FOUND, WEIR_FAULT_DESTINATION, "expected a staged file")
#include "sin_loader.h"
