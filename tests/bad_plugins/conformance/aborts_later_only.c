/* Removes what was committed. */
#define SIN "aborts_later_only"
#define ABORTING unlink(committer->path)
#include "sin_loader.h"
